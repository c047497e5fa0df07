package io.dflockd.examples.invoices;

/** Who writes had the lock, but somebody else has had it since: nothing was written. */
final class StaleHolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleHolderException(String what, long fence) {
        super(what + " was refused: fence " + Long.toUnsignedString(fence) + " is not the newest any more");
    }
}
