package io.dflockd.chaos.workload;

/** Who does the work: {@code DflockdConnection}, which judges the server; {@code DflockdClient}, which judges client and server together; or both. */
public enum Level {
    PROTOCOL,
    CLIENT,
    BOTH
}
