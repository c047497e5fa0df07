package io.dflockd.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a JVM, this one or another, has in memory. */
final class Memory {

    private Memory() {}

    /** Bytes: the total of a class histogram, which counts what a full collection leaves. */
    static long liveHeap(long pid) throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String total = "";
        for (String line : jcmd.inputReader(StandardCharsets.UTF_8).lines().toList()) {
            total = line.startsWith("Total") ? line : total;
        }
        return Long.parseLong(total.replaceAll(".*\\s", ""));
    }

    /** Megabytes: what Linux says that the process has in memory. */
    static String resident(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .map(kilobytes -> "%.1f".formatted(Long.parseLong(kilobytes) * 1024 / 1e6))
                .findFirst()
                .orElse("unknown");
    }
}
