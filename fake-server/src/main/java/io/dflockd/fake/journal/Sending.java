package io.dflockd.fake.journal;

/** What has become of a reply. */
public enum Sending {
    /** Not written yet: the request waits, or a fault holds the reply back. */
    PENDING,

    /** Written as it was decided. */
    WRITTEN,

    /** A fault has made something else of it: other bytes, a part of it, or pieces over time. */
    CHANGED,

    /** Never written: the connection ended first, in one direction at least. */
    SUPPRESSED
}
