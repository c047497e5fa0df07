package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import java.util.Set;

/** What goes wrong with a TLS handshake. Only at {@link Phase#ON_TLS_HANDSHAKE}. */
public enum TlsEffect implements Effect {
    /** The handshake ends with a fatal alert; the client's handshake fails. */
    FAILED_HANDSHAKE,
    /** The certificate is over; a client that checks it refuses. */
    EXPIRED_CERTIFICATE,
    /** The certificate is for another host; a client that checks the name refuses. */
    WRONG_HOST_NAME,
    /** The server answers {@code error} in plain text and closes, as a server without TLS; the client sees bytes that are no TLS. */
    PLAIN_TEXT;

    @Override
    public Set<Point> points() {
        return Set.of(Point.ON_TLS_HANDSHAKE);
    }
}
