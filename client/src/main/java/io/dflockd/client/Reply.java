package io.dflockd.client;

/**
 * What a server answered to one request of a {@link DflockdConnection}.
 *
 * <p>Statuses are not an enumeration: servers may invent new ones that begin with {@code error_}, and fields that follow the known ones are ignored
 * (PROTOCOL.md section 1). No reply shows its token in {@code toString}.
 */
public sealed interface Reply {

    /**
     * {@code ok TOKEN SECONDS}: the slot was granted.
     *
     * @param leaseSeconds the lease that was asked for, or the server's default; never what remains of it
     */
    record Granted(String token, long leaseSeconds) implements Reply {
        @Override
        public String toString() {
            return "Granted[leaseSeconds=" + leaseSeconds + "]";
        }
    }

    /** {@code acquired TOKEN SECONDS}: granted already by the enqueue. */
    record Acquired(String token, long leaseSeconds) implements Reply {
        @Override
        public String toString() {
            return "Acquired[leaseSeconds=" + leaseSeconds + "]";
        }
    }

    /** {@code queued}: a place in the queue, kept until it is waited for or the connection closes. */
    record Queued() implements Reply {}

    /**
     * {@code ok SECONDS}: renewed.
     *
     * @param seconds the lease asked for; from V0 servers what remains of it in whole seconds, so usually one less
     */
    record Renewed(long seconds) implements Reply {}

    /** {@code ok}: released. */
    record Released() implements Reply {}

    /** {@code timeout}: the time to wait is over and the place in the queue is gone. */
    record TimedOut() implements Reply {}

    /** {@code ok}: the secret is right. */
    record Authenticated() implements Reply {}

    /** {@code ok}: the server is there. */
    record Pong() implements Reply {}

    /** {@code ok JSON}: the counters of a server, as it wrote them. */
    record Stats(String json) implements Reply {}

    /**
     * {@code error} or {@code error_...}: refused.
     *
     * @param status the first word of the answer, for example {@code error_max_waiters}
     * @param detail {@code host:port} of the leader after {@code error_not_leader}, if the server named it; empty after all other statuses, whatever followed them
     */
    record Refused(String status, String detail) implements Reply {

        /** A refusal without detail. */
        public Refused(String status) {
            this(status, "");
        }
    }
}
