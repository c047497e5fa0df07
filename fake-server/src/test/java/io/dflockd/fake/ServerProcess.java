package io.dflockd.fake;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link ServerProgram} in a JVM of its own, from the tests' class path. */
final class ServerProcess implements AutoCloseable {

    private static final int LIMIT_SECONDS = 20;
    private static final String READY = "listening on ";

    private final Process process;
    private final BufferedReader out;
    private final BufferedReader err;

    private ServerProcess(Process process) {
        this.process = process;
        out = process.inputReader(StandardCharsets.UTF_8);
        err = process.errorReader(StandardCharsets.UTF_8);
    }

    /** Starts it with these arguments for the JVM and flags for the server. */
    static ServerProcess start(List<String> jvm, String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerProgram.class.getName()));
        command.addAll(List.of(flags));
        return new ServerProcess(new ProcessBuilder(command).start());
    }

    /** Where it listens, once it does. */
    int port() throws IOException {
        String line = out.readLine();
        if (line == null || !line.startsWith(READY)) {
            throw new AssertionError("instead of where it listens: " + line + ' ' + errors());
        }
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** What it prints until it ends. */
    List<String> output() {
        return out.lines().toList();
    }

    /** What it complains about until it ends. */
    List<String> errors() {
        return err.lines().toList();
    }

    /** SIGTERM; by the handle, as the process would close what it can still be read from. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Its exit status, once it has ended. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
