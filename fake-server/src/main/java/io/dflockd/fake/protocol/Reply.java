package io.dflockd.fake.protocol;

/** What the server answers to one request. Its text form is {@link ReplyWriter}'s business, its meaning the engine's. */
public sealed interface Reply {

    /** {@code ok TOKEN SECONDS}: granted; the lease is the one asked for, never what remains of it. */
    record Granted(String token, long leaseSeconds) implements Reply {}

    /** {@code acquired TOKEN SECONDS}: granted already while enqueueing. */
    record Acquired(String token, long leaseSeconds) implements Reply {}

    /** {@code queued}: a place in the queue, kept until it is waited for or the connection closes. */
    record Queued() implements Reply {}

    /** {@code ok SECONDS}: renewed. */
    record Renewed(long seconds) implements Reply {}

    /** {@code ok}: done, nothing to add. */
    record Done() implements Reply {}

    /** {@code ok JSON}: the state of the server. */
    record Stats(String json) implements Reply {}

    /** {@code timeout}: the time to wait is over and the place in the queue is gone. */
    record TimedOut() implements Reply {}

    /** {@code error...}: refused; nothing changed. */
    record Refused(Status status) implements Reply {}

    /** Any other line. The fake says none; a server behind a proxy may. */
    record Other(String text) implements Reply {}
}
