package io.dflockd.chaos.history;

import java.io.IOException;

/** A history that cannot be read, or is none. The message is one line that names the file, and the line where there is one. */
public final class HistoryException extends IOException {

    private static final long serialVersionUID = 1L;

    HistoryException(String message, Throwable cause) {
        super(message, cause);
    }

    HistoryException(String message) {
        super(message);
    }
}
