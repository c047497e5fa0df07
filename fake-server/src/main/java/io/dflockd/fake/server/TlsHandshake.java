package io.dflockd.fake.server;

/** How a TLS handshake goes, and what a Java client that trusts {@code clientSslContext()} and checks host names sees of it. */
public enum TlsHandshake {
    /** As it should. */
    NORMAL,

    /** The server sends the fatal alert {@code handshake_failure} and closes: the client's handshake fails with an {@code SSLHandshakeException}. */
    FAIL,

    /** The server shows a certificate that has expired: the client's handshake fails with a {@code CertificateExpiredException} as cause. */
    EXPIRED_CERTIFICATE,

    /** The server shows a certificate for another host: the client's handshake fails with a {@code CertificateException}; without a check of names it succeeds. */
    WRONG_HOST,

    /** The server says {@code error} without encryption and closes: the client's handshake fails with an {@code SSLException}. */
    PLAIN_TEXT,

    /** The server answers nothing, until its read timeout closes the connection: the client waits as long. */
    STALL,

    /** The server closes: the client's handshake fails with an {@code SSLHandshakeException}, as its peer has gone. */
    CLOSE,

    /** The server breaks the connection off: the client's handshake fails with a {@code SocketException} or an {@code SSLException}, as Java pleases. */
    RESET
}
