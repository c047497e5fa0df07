package io.dflockd.fake.protocol;

/** Why a request was refused, as the wire names it (PROTOCOL.md section 1). */
public enum Status {
    ERROR("error"),
    AUTH("error_auth"),
    MAX_LOCKS("error_max_locks"),
    MAX_WAITERS("error_max_waiters"),
    LIMIT_MISMATCH("error_limit_mismatch"),
    NOT_ENQUEUED("error_not_enqueued"),
    ALREADY_ENQUEUED("error_already_enqueued"),
    LEASE_EXPIRED("error_lease_expired"),
    DRAINING("error_draining");

    private final String word;

    Status(String word) {
        this.word = word;
    }

    /** The word on the wire. */
    public String word() {
        return word;
    }
}
