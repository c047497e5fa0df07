package io.dflockd.junit;

import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeOptions;
import io.dflockd.junit.container.DflockdContainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that was started for tests. Not to be touched before it is known that Testcontainers is there. */
final class ContainerOrigin implements RealServer.Origin {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerOrigin.class);

    private final DflockdContainer container;
    private final FakeOptions options;
    private final Optional<SSLContext> trust;
    private final ServerAddress address;

    private ContainerOrigin(DflockdContainer container, FakeOptions options) {
        this.container = container;
        this.options = options;
        this.trust = container.certificates().map(ContainerOrigin::trust);
        container.start();
        this.address = ServerAddress.parse(container.address());
    }

    /**
     * Starts it.
     *
     * @throws IllegalStateException if it does not start
     */
    static ContainerOrigin start(Settings settings, Choice choice) {
        DflockdContainer container = settings.container().isPresent()
                ? settings.container().get().get()
                : choice.image().map(DflockdContainer::new).orElseGet(DflockdContainer::new);
        FakeOptions options = settings.options();
        container.withFlags(OptionFlags.of(options).toArray(new String[0]));
        options.authToken()
                .ifPresent(token -> container.withAuthToken(new String(token.bytes(), StandardCharsets.UTF_8)));
        try {
            return new ContainerOrigin(container, options);
        } catch (RuntimeException e) {
            container.stop();
            throw new IllegalStateException(reason(e), e);
        }
    }

    /** Testcontainers says first that something went wrong, and what it was at the end of the causes. */
    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String reason = String.valueOf(last.getMessage());
        return reason.contains("No such image") && reason.contains(DflockdContainer.DEFAULT_IMAGE)
                ? reason.strip()
                        + ". Make it with fake-server/image/build, or name another one: system property dflockd.image"
                : reason;
    }

    private static SSLContext trust(Path certificates) {
        try (InputStream file = Files.newInputStream(certificates)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("server-" + trusted.size(), one);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("'" + certificates + "' is nothing that clients can trust: " + e, e);
        }
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    public void introduce(DflockdClientBuilder client) {
        client.serverAutoRelease(options.engineOptions(0).autoRelease());
        options.readTimeout().ifPresent(client::serverReadTimeout);
        container.authToken().ifPresent(secret -> client.secret(() -> secret));
        trust.ifPresent(client::tls);
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    @Override
    public void restart(String why) {
        LOG.info("{} starts again: {}", container, why);
        container.restart();
    }

    @Override
    public List<String> printed(int lines) {
        List<String> all = container.getLogs().lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    @Override
    public void close() {
        container.stop();
    }

    @Override
    public String toString() {
        return container.toString();
    }
}
