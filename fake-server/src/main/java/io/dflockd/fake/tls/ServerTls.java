package io.dflockd.fake.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a server speaks TLS: with the test certificates, or with a context of the user's; the test certificates serve the handshakes that are to fail in any case.
 *
 * @param given the user's context, empty if the test certificates are to be shown
 * @param certificates certificates for tests
 */
public record ServerTls(Optional<SSLContext> given, TestCertificates certificates) {

    /** With the test certificates. */
    public static ServerTls of(TestCertificates certificates) {
        return new ServerTls(Optional.empty(), certificates);
    }

    /** With a context of the user's. */
    public static ServerTls of(SSLContext context) {
        return new ServerTls(Optional.of(context), TestCertificates.create());
    }

    /**
     * With certificates, the server's first, and a private key from PEM files.
     *
     * @throws IllegalArgumentException if one cannot be read or is not what it should be, or they do not fit; the message is one line for the user
     */
    public static ServerTls ofPem(Path certificates, Path key) {
        try {
            return of(PemIdentity.read(certificates, key).serverContext());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this Java cannot use '" + certificates + "' for TLS: " + e, e);
        }
    }

    /** What the server shows as a rule. */
    public SSLContext context() {
        return given.orElseGet(certificates::server);
    }

    /**
     * For clients: trusts the server.
     *
     * @throws IllegalStateException if the server shows a certificate of the user's
     */
    public SSLContext client() {
        if (given.isPresent()) {
            throw new IllegalStateException(
                    "this server shows a certificate that it was given: make an SSLContext that trusts that one");
        }
        return certificates.client();
    }
}
