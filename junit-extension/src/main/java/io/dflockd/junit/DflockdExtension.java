package io.dflockd.junit;

import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.fake.FakeOptions;
import io.dflockd.junit.container.DflockdContainer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What {@link WithDflockd} does, for those who have more to say than fits into an annotation:
 *
 * <pre>{@code
 * class CheckoutTest {
 *     @RegisterExtension
 *     static DflockdExtension dflockd = DflockdExtension.builder()
 *             .options(options -> options.withTls().withAuthToken("s3cret"))
 *             .client(client -> client.defaultLease(Duration.ofSeconds(60)))
 *             .build();
 *
 *     @Test
 *     void holds_the_order(DflockdClient client) { ... }
 * }
 * }</pre>
 *
 * <p>In a static field it is the extension of the class: its server lives and is shared as {@link Builder#scope} says. In an instance field it is the extension of each test, and each has a
 * server of its own, unless the class has one instance for all its tests.
 *
 * <p>Annotations and extensions may be mixed if their servers have different names. Where two ask for the same name at the same class the tests fail with
 * {@link ExtensionConfigurationException}, which names both; one in an instance field must have a name that nobody else uses.
 *
 * <p>The other methods are JUnit's to call. It keeps no state of tests: that is all in JUnit's store.
 */
public final class DflockdExtension extends ServerExtension {

    private final Builder settings;

    /** What runs for this instance, only to tell {@link #address}. */
    private final Set<RunningServer> running = ConcurrentHashMap.newKeySet();

    private DflockdExtension(Builder settings) {
        this.settings = settings;
    }

    /** Begins with the defaults of {@link WithDflockd}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where clients connect to, for code that JUnit does not call, as Spring's {@code @DynamicPropertySource}: {@code host:port}. Everything else is injected.
     *
     * @throws IllegalStateException if there is not exactly one server of this instance now: none before the class begins or after it has ended, several if the field is
     *     shared by classes or tests that run at the same time
     */
    public String address() {
        List<RunningServer> servers = List.copyOf(running);
        if (servers.size() != 1) {
            String now = servers.isEmpty() ? "no server runs" : servers.size() + " servers run";
            throw new IllegalStateException(now + " for this extension now; ask for the address while its class runs,"
                    + " and take a parameter of type DflockdServer where classes share the field");
        }
        servers.get(0).becomeKnown();
        return servers.get(0).backEnd().address();
    }

    @Override
    void claimOwn(ExtensionContext context) {
        if (Contexts.store(context).get(this) == null) {
            List<ExtensionContext> homes = Contexts.homes(context);
            ExtensionContext home = homes.get(homes.size() - 1);
            Settings checked = Settings.of(settings, settings.where);
            Contexts.store(home)
                    .put(
                            this,
                            Contexts.isOfTest(home)
                                    ? Claim.putForTest(this, checked, home)
                                    : Claim.put(this, checked, home));
        }
    }

    @Override
    boolean isSameAs(ServerExtension other) {
        return this == other;
    }

    @Override
    void started(RunningServer server) {
        running.add(server);
    }

    @Override
    void ended(RunningServer server) {
        running.remove(server);
    }

    /** What its server is called. */
    String name() {
        return settings.name;
    }

    @Override
    public String toString() {
        return settings.where;
    }

    /** The settings of an extension in a field. They are checked when its class, or its test, begins. Not for use by several threads. */
    public static final class Builder {

        String where = "";
        String name = "";
        Optional<ServerScope> scope = Optional.empty();
        LeakCheck leakCheck = LeakCheck.FAIL;
        UnaryOperator<FakeOptions> options = same -> same;
        Consumer<DflockdClientBuilder> client = untouched -> {};
        Backend backend = Backend.CONFIGURED;
        Optional<String> address = Optional.empty();
        Optional<Supplier<? extends DflockdContainer>> container = Optional.empty();

        private Builder() {}

        /** What {@link Dflockd} calls the server; without it, it is the one that parameters without that annotation are about. */
        public Builder name(String value) {
            name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * How long the server lives: as long as the class, unless said otherwise. In an instance field it cannot live longer than the instance, and as long as one test when
         * this is not said.
         */
        public Builder scope(ServerScope value) {
            scope = Optional.of(value);
            return this;
        }

        /** What happens when a test leaves something behind: it fails, unless said otherwise. */
        public Builder leakCheck(LeakCheck value) {
            leakCheck = Objects.requireNonNull(value, "leakCheck");
            return this;
        }

        /** What kind of server it is: the fake, unless something else is said here or configured. */
        public Builder backend(Backend value) {
            backend = Objects.requireNonNull(value, "backend");
            return this;
        }

        /** Where the server is if it is {@link Backend#EXTERNAL}: {@code host:port}. Counts before what is configured. */
        public Builder address(String value) {
            address = Optional.of(value);
            return this;
        }

        /**
         * What makes the container if it is {@link Backend#CONTAINER}, for all that {@link #options} cannot say: {@code () -> new DflockdContainer("image").withTls(chain, key)}. Asked
         * once for each server, for one that is not started. Counts before an image that is configured.
         */
        public Builder container(Supplier<? extends DflockdContainer> maker) {
            container = Optional.of(maker);
            return this;
        }

        /**
         * How the fake behaves: gets the defaults, or what an earlier call of this has made of them, and gives back what is to be. Sinks of events are told as they would be without this
         * extension. A container gets it as flags, as far as the real server has such; on an external server it is refused.
         */
        public Builder options(UnaryOperator<FakeOptions> change) {
            UnaryOperator<FakeOptions> before = options;
            options = defaults -> change.apply(before.apply(defaults));
            return this;
        }

        /**
         * Changes each client that is injected: gets the builder of a client that knows the server's address, secret, certificate and profile. On other back ends than the fake, leave
         * the listener alone, by which this extension learns what the clients hold and do.
         */
        public Builder client(Consumer<DflockdClientBuilder> change) {
            client = client.andThen(change);
            return this;
        }

        /** The extension, for a field with {@link org.junit.jupiter.api.extension.RegisterExtension}. */
        public DflockdExtension build() {
            Builder copy = new Builder();
            copy.name = name;
            copy.scope = scope;
            copy.leakCheck = leakCheck;
            copy.options = options;
            copy.client = client;
            copy.backend = backend;
            copy.address = address;
            copy.container = container;
            copy.where = StackWalker.getInstance()
                    .walk(frames -> frames.skip(1).findFirst())
                    .map(frame -> "DflockdExtension built at " + frame.getFileName() + ':' + frame.getLineNumber())
                    .orElse("a DflockdExtension");
            return new DflockdExtension(copy);
        }
    }
}
