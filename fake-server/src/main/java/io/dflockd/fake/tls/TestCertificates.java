package io.dflockd.fake.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates for tests, made at run time and known nowhere else: a certificate authority, and servers' certificates signed by it.
 *
 * <p>Servers that are to be trusted by the same client share one of these. Nothing is made before it is asked for; the same is given each time.
 */
public final class TestCertificates {

    private static final Duration DAY = Duration.ofDays(1);

    private final Instant now = Instant.now();
    private final Made<CertificateWriter> authority = new Made<>(() -> CertificateWriter.authority("dflockd fake CA"));
    private final Made<X509Certificate> root =
            new Made<>(() -> authority.get().own(now.minus(DAY.multipliedBy(30)), now.plus(DAY.multipliedBy(365))));
    private final Made<SSLContext> server = new Made<>(() -> good().serverContext());
    private final Made<SSLContext> expired = new Made<>(() -> authority
            .get()
            .server(loopback(), now.minus(DAY.multipliedBy(2)), now.minus(DAY))
            .serverContext());
    private final Made<SSLContext> wrongHost = new Made<>(() -> authority
            .get()
            .server(List.of(ServerName.dns("elsewhere.invalid")), now.minus(DAY), now.plus(DAY.multipliedBy(365)))
            .serverContext());
    private final Made<SSLContext> client = new Made<>(this::trusting);

    private TestCertificates() {}

    /** A new authority that nobody trusts yet. */
    public static TestCertificates create() {
        return new TestCertificates();
    }

    /** The authority's own certificate: who trusts it accepts its servers. */
    public X509Certificate authority() {
        return root.get();
    }

    /** For a server: a certificate for {@code localhost}, 127.0.0.1 and ::1. */
    public SSLContext server() {
        return server.get();
    }

    /** For a server: as {@link #server}, but the certificate expired yesterday. */
    public SSLContext expired() {
        return expired.get();
    }

    /** For a server: a valid certificate for a host that no server runs on. */
    public SSLContext wrongHost() {
        return wrongHost.get();
    }

    /** For a client that trusts this authority and no other. Whether it compares host names is its own business. */
    public SSLContext client() {
        return client.get();
    }

    Identity good() throws GeneralSecurityException {
        return authority.get().server(loopback(), now.minus(DAY), now.plus(DAY.multipliedBy(365)));
    }

    private static List<ServerName> loopback() {
        try {
            return List.of(
                    ServerName.dns("localhost"),
                    ServerName.ip(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})),
                    ServerName.ip(
                            InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})));
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    private SSLContext trusting() throws GeneralSecurityException {
        KeyStore store = Identity.emptyStore();
        store.setCertificateEntry("authority", authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Override
    public String toString() {
        return "TestCertificates";
    }
}
