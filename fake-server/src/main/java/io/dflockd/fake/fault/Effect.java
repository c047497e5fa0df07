package io.dflockd.fake.fault;

import java.time.Duration;

/** What a fault does. Each says what the client sees, by {@link Phase}; every pair of effect and phase here is possible. */
public sealed interface Effect {

    /** See {@link Effect#latency}. */
    record Latency(Duration delay) implements Effect {
        public Latency {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("a latency must not be negative: " + delay);
            }
        }
    }

    /** See {@link Effect#expireLease}. */
    record ExpireLease() implements Effect {}

    /** See {@link Effect#close}. */
    record Close() implements Effect {}

    /** See {@link Effect#reset}. */
    record Reset() implements Effect {}

    /**
     * The request takes this much longer, by the server's clock; other connections do not notice.
     *
     * <p>The client sees its reply that much later. {@code BEFORE_APPLY}: the state changes later too, so others may come first, and a lease begins late.
     * {@code AFTER_APPLY_BEFORE_REPLY}: the state has changed at once, and a lease that is granted runs while its reply is on the way.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    static Effect latency(Duration delay) {
        return new Latency(delay);
    }

    /**
     * All leases of the request's key end now, as if their time were over, and the key is handed on.
     *
     * <p>{@code BEFORE_APPLY}: a renew or release is refused with {@code error}; an acquire finds the key free, unless somebody waited for it. {@code
     * AFTER_APPLY_BEFORE_REPLY}: the client gets the reply it hoped for, but what it was granted is over already, which only its next renew or release tells.
     * Requests without a key are not struck.
     */
    static Effect expireLease() {
        return new ExpireLease();
    }

    /**
     * The server closes the connection in order (FIN) instead of answering.
     *
     * <p>The client reads the end of the stream; its next write still seems to succeed. {@code BEFORE_APPLY}: the request changed nothing. {@code
     * AFTER_APPLY_BEFORE_REPLY}: it was carried out. Either way the server then frees what the connection holds, a slot granted just now included, unless
     * auto-release is off.
     */
    static Effect close() {
        return new Close();
    }

    /**
     * The server breaks the connection off (RST) instead of answering.
     *
     * <p>The client's read fails with "connection reset". What this means for the state is the same as with {@link #close}.
     */
    static Effect reset() {
        return new Reset();
    }
}
