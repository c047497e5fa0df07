package io.dflockd.junit;

/** What shows below the stack trace of a failed test. It is no failure itself, and has no stack trace. */
final class WhatTheServerSaw extends Throwable {

    private static final long serialVersionUID = 1;

    WhatTheServerSaw(String text) {
        super(text.stripTrailing(), null, false, false);
    }
}
