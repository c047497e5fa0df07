package io.dflockd.chaos.check;

/** What a history says about one property. */
public enum Outcome {
    VALID,
    INVALID,
    /** The history has no conclusive case: nothing was seen that could have violated it. */
    NOT_REACHED,
    /** The history lacks server truth, or what the property is about. */
    NOT_APPLICABLE
}
