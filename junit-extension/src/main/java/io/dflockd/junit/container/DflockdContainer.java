package io.dflockd.junit.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A dflockd server in a container. It counts as started once it has printed where it listens, so that the image needs no shell; it listens on a free port of the machine
 * with the container engine.
 *
 * <pre>{@code
 * try (DflockdContainer server = new DflockdContainer("dflockd:1.10").withFlags("--max-locks", "5")) {
 *     server.start();
 *     try (DflockdClient client = DflockdClient.connect(server.address())) { ... }
 * }
 * }</pre>
 *
 * <p>The image's entry point must be the server and take its flags. {@link io.dflockd.junit.WithDflockd} starts such containers by itself.
 */
public final class DflockdContainer extends GenericContainer<DflockdContainer> {

    /** The image where none is named: the one that {@code fake-server/image/build} makes. It is never pulled: what has this name elsewhere would be somebody else's. */
    public static final String DEFAULT_IMAGE = "dflockd-fake-server";

    private static final int PORT = 6388;
    private static final int READABLE_BY_ALL = 0444; // the server is seldom root
    private static final String FOLDER = "/dflockd/";

    private final String image;
    private final List<String> flags = new ArrayList<>(List.of("--host", "0.0.0.0", "--port", String.valueOf(PORT)));
    private Optional<String> secret = Optional.empty();
    private Optional<Path> certificates = Optional.empty();

    /** With {@link #DEFAULT_IMAGE}. */
    public DflockdContainer() {
        this(DEFAULT_IMAGE);
    }

    /** With an image of this name. */
    public DflockdContainer(String image) {
        this(DockerImageName.parse(image));
    }

    /** With an image of this name. */
    public DflockdContainer(DockerImageName image) {
        super(image);
        this.image = image.asCanonicalNameString();
        withExposedPorts(PORT);
        waitingFor(new ListeningWait());
        if (this.image.equals(DockerImageName.parse(DEFAULT_IMAGE).asCanonicalNameString())) {
            withImagePullPolicy(never -> false);
        }
    }

    /** Further flags for the server: {@code withFlags("--max-locks", "5")}. The last of several counts. Not for those that have a method of their own here. */
    public DflockdContainer withFlags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /**
     * The server speaks TLS. The files are read now; the copies in the container can be read by everybody in it.
     *
     * @param chain a PEM file with the server's certificate first
     * @param key a PEM file with its private key
     * @throws UncheckedIOException if one cannot be read
     */
    public DflockdContainer withTls(Path chain, Path key) {
        certificates = Optional.of(chain);
        copy(read(chain), "server.pem");
        copy(read(key), "server.key");
        return withFlags("--tls-cert", FOLDER + "server.pem", "--tls-key", FOLDER + "server.key");
    }

    /** The server wants this secret. It gets it in a file, so that the engine shows it to nobody. */
    public DflockdContainer withAuthToken(String token) {
        secret = Optional.of(Objects.requireNonNull(token, "token"));
        copy(token.getBytes(StandardCharsets.UTF_8), "auth-token");
        return withFlags("--auth-token-file", FOLDER + "auth-token");
    }

    private void copy(byte[] content, String name) {
        withCopyToContainer(Transferable.of(content, READABLE_BY_ALL), FOLDER + name);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read '" + file + "' for the container: " + e, e);
        }
    }

    @Override
    protected void configure() {
        withCommand(flags.toArray(new String[0]));
    }

    /**
     * Where clients connect to: {@code host:port}.
     *
     * @throws IllegalStateException if it is not running
     */
    public String address() {
        return getHost() + ':' + getMappedPort(PORT);
    }

    /** What was given to {@link #withAuthToken}. */
    public Optional<String> authToken() {
        return secret;
    }

    /** The certificates that were given to {@link #withTls}. */
    public Optional<Path> certificates() {
        return certificates;
    }

    /** A new server with the same settings at the same address instead of the one that runs, which is killed: it has forgotten everything. */
    public void restart() {
        setPortBindings(List.of(getMappedPort(PORT) + ":" + PORT));
        stop();
        start();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Without its settings, which may be secret. */
    @Override
    public String toString() {
        return "container of " + image + (isRunning() ? " at " + address() : "");
    }
}
