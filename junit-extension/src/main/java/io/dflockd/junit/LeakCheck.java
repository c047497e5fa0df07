package io.dflockd.junit;

/** What happens when a test leaves something behind: locks that are held, waiters in a queue, faults that never struck, threads of a client or a server. */
public enum LeakCheck {

    /** The test fails, unless it has failed already. */
    FAIL,

    /** It is logged as a warning and published as a report entry. */
    WARN,

    /** Nobody looks. */
    OFF
}
