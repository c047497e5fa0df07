package io.dflockd.fake.fault;

/** Where on a request's way a fault strikes. */
public enum Phase {
    /** The request is parsed; nothing has changed yet. */
    BEFORE_APPLY,

    /** The request is carried out and its reply is decided, but not written. For a request that blocks, that is when its wait is over. */
    AFTER_APPLY_BEFORE_REPLY
}
