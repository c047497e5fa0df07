package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file with one unsigned number above every fence that was given out, so that a server that starts again, even after a crash, goes on above it.
 *
 * <p>It is written for many fences ahead, before the first of them is given out, and by a rename: a reader finds the old number or the new one.
 */
final class FenceFile {

    /** How many fences one write is good for. */
    static final long AHEAD = 1 << 20;

    private final Path path;
    private final Path next;
    private final long highest;
    private long reserved;

    private FenceFile(Path path, long highest) {
        this.path = path;
        this.next = path.resolveSibling(path.getFileName() + ".next");
        this.highest = highest;
        this.reserved = highest;
    }

    /**
     * The file with what it says; if there is none it says 0.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if it holds anything but one number
     */
    static FenceFile open(Path path) {
        try {
            String text = Files.exists(path) ? Files.readString(path).strip() : "0";
            return new FenceFile(path, Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            String message = "the fence state file " + path
                    + " does not hold one number; restore it, or remove it to begin with the clock";
            throw new IllegalArgumentException(message, e);
        } catch (IOException e) {
            String message = "cannot read the fence state file " + path + ": " + e + "; choose another file";
            throw new UncheckedIOException(message, e);
        }
    }

    /** No fence above this one was given out before. */
    long highest() {
        return highest;
    }

    /** The fence is about to be given out. If the file cannot be written that is logged, and tried again when the next block is due. */
    void ensure(long fence) {
        if (Long.compareUnsigned(fence, reserved) <= 0) {
            return;
        }
        reserved = fence + AHEAD;
        try {
            write();
        } catch (IOException e) {
            LOG.error(
                    "cannot write the fence state file {}: after a new start fences may go back; make it writable",
                    path,
                    e);
        }
    }

    private void write() throws IOException {
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(Long.toUnsignedString(reserved) + '\n');
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
