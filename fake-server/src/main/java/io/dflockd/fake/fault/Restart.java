package io.dflockd.fake.fault;

/** What a restarted server still knows. All connections are gone either way. */
public enum Restart {
    /** Keys, holders and their leases: a holder may still renew or release by its token. Places in queues are gone with their connections. */
    KEEP_STATE,
    /** Nothing: every token is worthless, every key is free. */
    LOSE_STATE
}
