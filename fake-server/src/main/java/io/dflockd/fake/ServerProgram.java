package io.dflockd.fake;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The fake as a program: what the stand-alone jar runs, and {@code ./chaos serve} too.
 *
 * <p>It takes the real server's flags, prints {@code listening on HOST:PORT} once it is ready, and runs until SIGTERM or Ctrl-C; then it drains. Its exit status is then the
 * JVM's for the signal, 143 or 130.
 */
public final class ServerProgram {

    private static final int COULD_NOT_START = 2;
    private static final String NAME = "dflockd-fake-server";
    private static final List<String> HELP = List.of("--help", "-help", "-h");
    private static final List<String> VERSION = List.of("--version", "-version");

    private ServerProgram() {}

    /** Exit status 2, and one line on standard error, if a flag makes no sense or the port is taken. */
    public static void main(String[] args) throws InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        List<String> flags = List.of(args);
        if (flags.stream().anyMatch(HELP::contains)) {
            out.println(help());
        } else {
            try {
                serve(flags, System.getenv(), out);
            } catch (IllegalArgumentException | UncheckedIOException e) {
                System.err.println(NAME + ": " + String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
                System.exit(COULD_NOT_START);
            }
        }
    }

    private static String help() {
        return "Runs the fake dflockd server until SIGTERM or Ctrl-C. Flags take one dash or two.\n\n"
                + ServerFlags.usage()
                + "\n\n--help      shows this\n--version   shows the version";
    }

    private static String version() {
        return Optional.ofNullable(ServerProgram.class.getPackage().getImplementationVersion())
                .orElse("(not from a jar)");
    }

    /**
     * Says its version if that is all that is asked for. Else starts a server, says where it listens, and serves until the JVM is told to end, or the thread is interrupted.
     *
     * @throws IllegalArgumentException if a flag is unknown or a value makes no sense; the message is one line for the user
     * @throws UncheckedIOException if it cannot listen where the flags say; likewise
     * @throws InterruptedException once the server is closed
     */
    public static void serve(List<String> flags, Map<String, String> environment, PrintWriter out)
            throws InterruptedException {
        if (flags.stream().anyMatch(VERSION::contains)) {
            out.println(NAME + ' ' + version());
            out.flush();
            return;
        }
        FakeOptions options = ServerFlags.parse(flags, environment).withJournalSize(0); // nobody is there to read it
        if (ServerFlags.isDebug(flags, environment)) {
            System.setProperty("org.slf4j.simpleLogger.log.io.dflockd.fake", "debug");
        }
        try (FakeDflockdServer server = FakeDflockdServer.start(options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "dflockd-fake-stop"));
            out.println("listening on " + server.address());
            out.flush();
            new CountDownLatch(1).await();
        }
    }

    /** As the real server: those who are connected may finish, for as long as the shutdown timeout says. */
    private static void end(FakeDflockdServer server) {
        try {
            server.drain();
            server.awaitDrained(server.options().shutdownTimeout());
        } catch (IllegalStateException closed) {
            return; // Whoever ran it has been interrupted before.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
        }
    }
}
