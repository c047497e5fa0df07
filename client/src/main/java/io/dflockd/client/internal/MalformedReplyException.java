package io.dflockd.client.internal;

import java.io.IOException;

/** What came is no answer to what was asked. Says what is wrong without quoting more than one known word, since a reply may carry a token. */
final class MalformedReplyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedReplyException(String message) {
        super(message);
    }
}
