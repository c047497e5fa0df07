package io.dflockd.client.failure;

import io.dflockd.fake.ServerProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own, from the tests' class path. */
final class OtherJvm implements AutoCloseable {

    private static final String READY = "listening on ";
    private static final int LIMIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;

    private OtherJvm(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it; what it complains about is shown with what it prints. */
    static OtherJvm start(Class<?> program, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(args));
        return new OtherJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    static OtherJvm startServer(String... flags) throws IOException {
        return start(ServerProgram.class, flags);
    }

    /** Where a server listens, once it does. */
    String address() throws IOException {
        String line = line();
        if (!line.startsWith(READY)) {
            throw new AssertionError("instead of where it listens: " + line);
        }
        return line.substring(READY.length());
    }

    /** The next line that it prints. */
    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("the program has ended without another line");
        }
        return line;
    }

    /** Its exit status, once it has ended by itself. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Ends it, if it has not ended. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
