package io.dflockd.chaos.workload;

/** There is no verdict, because something is wrong with what the run was given or found: exit status 2. The message is one line for the user. */
public final class CouldNotRunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CouldNotRunException(String message) {
        super(message);
    }

    public CouldNotRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
