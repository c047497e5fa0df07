package io.dflockd.client.failure;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process uses now.
 *
 * @param threads alive, of anybody
 * @param descriptors open files and sockets; -1 where nobody can tell
 * @param heap bytes in use after a collection
 */
record Resources(int threads, long descriptors, long heap) {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    static Resources now() {
        return new Resources(Thread.activeCount(), openFiles(), usedHeap());
    }

    private static long openFiles() {
        if (!Files.isDirectory(OPEN_FILES)) {
            System.out.println("*** NOT TESTED HERE: open files are not counted, there is no " + OPEN_FILES + " ***");
            return -1;
        }
        try (Stream<Path> open = Files.list(OPEN_FILES)) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The least of some collections: the first leaves what finalizers and cleaners still hold. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Fails, with what to do about it, where a process may not have so many files open. Java lifts the soft limit to the hard one by itself. */
    static void requireFiles(long wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() < wanted) {
            throw new AssertionError("this test needs " + wanted + " open files in each of two processes, but "
                    + unix.getMaxFileDescriptorCount() + " are allowed: raise the hard limit (ulimit -Hn)");
        }
    }

    @Override
    public String toString() {
        return String.format("%d threads, %d descriptors, %.1f MB", threads, descriptors, heap / 1e6);
    }
}
