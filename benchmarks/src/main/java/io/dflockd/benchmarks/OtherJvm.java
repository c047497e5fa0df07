package io.dflockd.benchmarks;

import io.dflockd.client.spi.ServerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own, with the class path of this one; it ends when this is closed. */
final class OtherJvm implements AutoCloseable {

    private static final String READY = "listening on ";

    private final Process process;
    private final BufferedReader output;

    private OtherJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it with these arguments. */
    static OtherJvm start(Class<?> program, String... args) throws IOException {
        return start(List.of(), program, args);
    }

    /** Starts it with these arguments, and others for the JVM. */
    static OtherJvm start(List<String> jvm, Class<?> program, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(args));
        return new OtherJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line that it prints. */
    String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the other JVM ended too early: " + process);
        }
        return line;
    }

    /** Where it listens, if it says {@code listening on HOST:PORT} next. */
    ServerAddress address() throws IOException {
        String line = line();
        if (!line.startsWith(READY)) {
            throw new IOException("the server did not start, but said: " + line);
        }
        return ServerAddress.parse(line.substring(READY.length()));
    }

    long pid() {
        return process.pid();
    }

    /** Ends it without asking it. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
