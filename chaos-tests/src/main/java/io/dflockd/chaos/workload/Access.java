package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.FileTrouble;
import io.dflockd.client.AuthenticationException;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.Reply;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the servers want before they listen.
 *
 * @param secret for servers that were started with one
 * @param trust for servers that speak TLS: whom to trust
 */
public record Access(Optional<String> secret, Optional<SSLContext> trust) {

    /** Plain connections to servers that want nothing. */
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty());

    private static final int LONGEST_SECRET = 65_536;

    /**
     * Reads both from files.
     *
     * @param secretFile holds one line
     * @param caFile holds the certificates to trust, in PEM or DER
     * @throws CouldNotRunException if one of the files is not what it should be; the secret is not quoted
     */
    public static Access of(Optional<Path> secretFile, Optional<Path> caFile) {
        return new Access(secretFile.map(Access::readSecret), caFile.map(Access::readTrust));
    }

    private static String readSecret(Path file) {
        try {
            if (Files.size(file) > LONGEST_SECRET) {
                throw new CouldNotRunException("--secret-file " + file + " has more than " + LONGEST_SECRET + " bytes");
            }
            String secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                throw new CouldNotRunException(
                        "--secret-file " + file + " is empty; it should hold the secret, in one line");
            }
            if (secret.lines().count() > 1) {
                throw new CouldNotRunException(
                        "--secret-file " + file + " has several lines; it should hold the secret alone");
            }
            return secret;
        } catch (IOException e) {
            throw new CouldNotRunException("--secret-file " + file + ": " + FileTrouble.reason(e), e);
        }
    }

    private static SSLContext readTrust(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CouldNotRunException("--tls-ca " + file + " holds no certificate");
            }
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new CouldNotRunException("--tls-ca " + file + ": " + FileTrouble.reason(e), e);
        } catch (GeneralSecurityException e) {
            throw new CouldNotRunException(
                    "--tls-ca " + file + " holds no certificates in PEM or DER: " + e.getMessage(), e);
        }
    }

    /** The JDK's world, with TLS where it is wanted. */
    ClientRuntime runtime() {
        return trust.map(DflockdClientBuilder::systemRuntime).orElseGet(DflockdClientBuilder::systemRuntime);
    }

    /** The builder, with the secret if there is one. */
    DflockdClientBuilder to(DflockdClientBuilder builder) {
        return secret.map(word -> builder.secret(() -> word)).orElse(builder);
    }

    /**
     * A connection that the server listens to.
     *
     * @throws AuthenticationException if it refuses the secret
     */
    DflockdConnection open(ClientRuntime runtime, ServerAddress server, Duration limit) throws InterruptedException {
        DflockdConnection connection = DflockdConnection.open(runtime, server, limit, limit);
        if (secret.isPresent()
                && connection.authenticate(secret.get()) instanceof Reply.Refused refused
                && !refused.status().equals("error")) {
            connection.close();
            throw new AuthenticationException(
                    "the server at " + server + " refused the secret with " + refused.status());
        }
        return connection;
    }
}
