package io.dflockd.fake;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The real server's command line, read into options: for whoever starts the fake as a program.
 *
 * <p>One dash or two, {@code --flag value} or {@code --flag=value}; a boolean may stand alone. An environment variable counts where its flag is missing.
 */
public final class ServerFlags {

    private ServerFlags() {}

    /**
     * Reads the flags and the environment. What neither names has the real server's default, the port 6388 included.
     *
     * @throws IllegalArgumentException if a flag is unknown or a value makes no sense; the message is one line for the user
     */
    public static FakeOptions parse(List<String> args, Map<String, String> environment) {
        Map<ServerFlag, String> given = read(args);
        FakeOptions options = FakeOptions.defaults();
        for (ServerFlag flag : ServerFlag.values()) {
            String variable = environment.getOrDefault(flag.variable(), "");
            if (given.containsKey(flag)) {
                options = apply(flag, options, given.get(flag), "--" + flag.word());
            } else if (!variable.isEmpty()) {
                options = apply(flag, options, variable, flag.variable());
            } else if (!flag.standard().isEmpty()) {
                options = flag.apply(options, flag.standard());
            }
        }
        return withTls(
                options,
                setting(ServerFlag.TLS_CERT, given, environment),
                setting(ServerFlag.TLS_KEY, given, environment));
    }

    /** The flags with their defaults, meanings and variables, one after the other. */
    public static String usage() {
        return Arrays.stream(ServerFlag.values()).map(ServerFlag::usage).collect(Collectors.joining("\n"));
    }

    /**
     * Whether more is to be logged. That is a matter of the logging library: a main program sets its level for {@code io.dflockd.fake} to debug.
     *
     * @throws IllegalArgumentException if a flag is unknown, or it is neither true nor false; the message is one line for the user
     */
    public static boolean isDebug(List<String> args, Map<String, String> environment) {
        return setting(ServerFlag.DEBUG, read(args), environment)
                .map(ServerFlag::truth)
                .orElse(false);
    }

    private static Optional<String> setting(
            ServerFlag flag, Map<ServerFlag, String> given, Map<String, String> environment) {
        return Optional.ofNullable(given.getOrDefault(flag, environment.get(flag.variable())))
                .filter(value -> !value.isEmpty());
    }

    /** A server that ignored a certificate would be worse than none. */
    private static FakeOptions withTls(FakeOptions options, Optional<String> certificates, Optional<String> key) {
        if (certificates.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("--tls-cert and --tls-key (or their variables) go together; "
                    + (key.isPresent() ? "the certificate" : "the key") + " is missing");
        }
        if (certificates.isEmpty()) {
            return options;
        }
        try {
            return options.withTls(ServerFlag.path(certificates.get()), ServerFlag.path(key.orElseThrow()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--tls-cert or --tls-key (or their variables): " + e.getMessage(), e);
        }
    }

    private static Map<ServerFlag, String> read(List<String> args) {
        Map<ServerFlag, String> given = new EnumMap<>(ServerFlag.class);
        ListIterator<String> rest = args.listIterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            if (!arg.startsWith("-")) {
                // Not quoted: it may be the value of a flag before it, such as a secret.
                throw new IllegalArgumentException(
                        "argument " + rest.nextIndex() + " is not a flag; flags begin with - or --");
            }
            String text = arg.substring(arg.startsWith("--") ? 2 : 1);
            int equals = text.indexOf('=');
            ServerFlag flag = flag(equals < 0 ? text : text.substring(0, equals));
            given.put(flag, equals < 0 ? nextValue(flag, rest) : text.substring(equals + 1));
        }
        return given;
    }

    private static ServerFlag flag(String word) {
        return ServerFlag.of(word)
                .orElseThrow(() -> new IllegalArgumentException("unknown flag --" + word + "; see --help"));
    }

    private static String nextValue(ServerFlag flag, ListIterator<String> rest) {
        if (flag.isBoolean()) {
            return "true";
        }
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("--" + flag.word() + " needs a value");
        }
        return rest.next();
    }

    private static FakeOptions apply(ServerFlag flag, FakeOptions options, String value, String name) {
        if (!flag.isKnownTo(options.profile())) {
            throw new IllegalArgumentException(
                    name + " does not exist on " + options.profile() + "; leave it out or choose another --profile");
        }
        try {
            return flag.apply(options, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
