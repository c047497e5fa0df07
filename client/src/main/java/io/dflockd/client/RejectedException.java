package io.dflockd.client;

/** The server refused, for a reason it named. Nothing changed. */
public final class RejectedException extends DflockdException {

    private static final long serialVersionUID = 1L;

    private final String status;

    public RejectedException(String message, String status) {
        super(message, null);
        this.status = status;
    }

    /** What the server said, for example {@code error_max_waiters} (PROTOCOL.md section 1); may be one that this client does not know. */
    public String status() {
        return status;
    }
}
