package io.dflockd.junit;

/** How long a server lives. */
public enum ServerScope {

    /** As long as the test class, its nested classes included. It is reset before each test. Tests that share it cannot run at the same time. */
    PER_CLASS,

    /** As long as one test, one repetition or one set of parameters. Such tests may run at the same time. */
    PER_METHOD
}
