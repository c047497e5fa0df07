package io.dflockd.fake.server;

/** Decides how handshakes go. */
@FunctionalInterface
public interface TlsHandshakes {

    /** All as they should. */
    TlsHandshakes NORMAL = connection -> TlsHandshake.NORMAL;

    /** Asked once for each connection, when its first bytes have come, under the driver's lock. The connection is told by its number, from 1. */
    TlsHandshake next(long connection);
}
