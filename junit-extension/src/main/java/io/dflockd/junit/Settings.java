package io.dflockd.junit;

import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.FaultSpec;
import io.dflockd.junit.container.DflockdContainer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * What was asked for, by annotation or by builder; checked, so that nothing is started for what makes no sense.
 *
 * @param where who asked, to be named in messages
 * @param name of the server; empty for the one that has none
 * @param scope empty if nobody said
 * @param leakCheck what happens when a test leaves something behind
 * @param options of a fake
 * @param latency what every request waits for, if anything
 * @param client is told of the builder of each client that is injected
 * @param backend the kind of server
 * @param address of an external one; empty if that is configured
 * @param container makes one; empty for a standard one
 */
record Settings(
        String where,
        String name,
        Optional<ServerScope> scope,
        LeakCheck leakCheck,
        FakeOptions options,
        Optional<FaultSpec> latency,
        Consumer<DflockdClientBuilder> client,
        Backend backend,
        Optional<String> address,
        Optional<Supplier<? extends DflockdContainer>> container) {

    private static final Pattern DURATION = Pattern.compile("\\d{1,9}(ms|s|m|h)");

    /**
     * What an annotation asks for.
     *
     * @throws ExtensionConfigurationException if it makes no sense
     */
    static Settings of(WithDflockd annotation, String where) {
        return checked(where, () -> {
            FakeOptions options = options(annotation).requireConsistent();
            return new Settings(
                    where,
                    name(annotation.name()),
                    Optional.of(annotation.scope()),
                    annotation.leakCheck(),
                    options,
                    latency(annotation.latency(), options),
                    client -> {},
                    annotation.backend(),
                    Optional.empty(),
                    Optional.empty());
        });
    }

    /**
     * What a builder asks for.
     *
     * @throws ExtensionConfigurationException if it makes no sense
     */
    static Settings of(DflockdExtension.Builder builder, String where) {
        return checked(where, () -> {
            FakeOptions options = builder.options.apply(FakeOptions.defaults());
            if (options == null) {
                throw new IllegalArgumentException("options(...) gave back null; give back the options");
            }
            return new Settings(
                    where,
                    name(builder.name),
                    builder.scope,
                    builder.leakCheck,
                    options.requireConsistent(),
                    Optional.empty(),
                    builder.client,
                    builder.backend,
                    builder.address,
                    builder.container);
        });
    }

    private static FakeOptions options(WithDflockd annotation) {
        if (annotation.seed().length > 1) {
            throw new IllegalArgumentException("there is one seed, not " + Arrays.toString(annotation.seed())
                    + "; leave it out to have one drawn");
        }
        UnaryOperator<FakeOptions> seed = annotation.seed().length == 0
                ? same -> same
                : options -> options.withSeed(annotation.seed()[0]);
        UnaryOperator<FakeOptions> clock = annotation.manualClock() ? FakeOptions::withManualClock : same -> same;
        return seed.andThen(clock)
                .apply(FakeOptions.defaults())
                .withProfile(annotation.profile())
                .withMaxLocks(annotation.maxLocks())
                .withMaxWaiters(annotation.maxWaiters());
    }

    private static String name(String name) {
        if (!name.strip().equals(name)) {
            throw new IllegalArgumentException("the name '" + name
                    + "' has white space around it; leave that out, or the whole name for the server without one");
        }
        return name;
    }

    /** Behind the last line of each request, so that it is no match for a fault that a test arms elsewhere. */
    private static Optional<FaultSpec> latency(String text, FakeOptions options) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the latency '" + text + "' must be a whole number and ms, s, m or h, as in 5ms");
        }
        if (options.isManualClock()) {
            throw new IllegalArgumentException("a latency of " + text
                    + " passes by the server's clock, which manualClock = true stops: the test would wait for itself."
                    + " Leave one of them out, or arm the latency in the test and advance the clock in another thread");
        }
        return Optional.of(FaultSpec.parse("any:after-request-line(3):latency=" + text + ":always"));
    }

    private static Settings checked(String where, Supplier<Settings> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(where + ": " + e.getMessage(), e);
        }
    }

    /** How a message calls the server. */
    static String called(String name) {
        return name.isEmpty() ? "the server without a name" : "the server \"" + name + '"';
    }
}
