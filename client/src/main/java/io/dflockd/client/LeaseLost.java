package io.dflockd.client;

/**
 * That a lease was lost, and why.
 *
 * @param key the key whose slot is no longer held
 */
public record LeaseLost(String key, Reason reason) {

    /** Why a lease was lost. */
    public enum Reason {
        /**
         * The local deadline passed without a successful renewal, the longest hold was over ({@link DistributedLock#withMaxHold}), or nobody had the {@link Lease}
         * any more, so that nobody could have released it.
         */
        EXPIRED,
        /** The server refused to renew: the slot is no longer ours. */
        REFUSED,
        /** The connection broke or went silent; the server frees what was granted on it. */
        CONNECTION_LOST,
        /** The client was closed while the lease was held. */
        CLIENT_CLOSED
    }
}
