package io.dflockd.fake.protocol;

import java.util.Arrays;

/**
 * The bytes of a connection that no request has taken yet, cut into lines (PROTOCOL.md section 1).
 *
 * <p>It grows with what is sent ahead, which the owner bounds; of a line that is too long it keeps nothing but the fact.
 */
final class LineBuffer {

    /** What {@link #findLine} says. */
    enum Found {
        LINE,
        TOO_LONG,
        NOTHING
    }

    private byte[] bytes = new byte[512];
    /** How many bytes came before those that are kept. */
    private long forgotten;

    private int start;
    private int searched;
    private int end;
    private boolean overlong;
    private int lineStart;
    private int lineEnd;

    void append(byte[] source, int offset, int length) {
        if (end + length > bytes.length) {
            makeRoom(length);
        }
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    private void makeRoom(int length) {
        int kept = end - start;
        byte[] target = kept + length > bytes.length ? new byte[Integer.highestOneBit(kept + length) * 2] : bytes;
        System.arraycopy(bytes, start, target, 0, kept);
        bytes = target;
        forgotten += start;
        searched -= start;
        start = 0;
        end = kept;
    }

    /** Looks for the next line, of at most {@code longest} bytes. If there is one it is taken, and stays readable until the next append. */
    Found findLine(int longest) {
        while (searched < end) {
            if (bytes[searched++] == '\n') {
                return take(searched - 1, longest);
            }
        }
        if (end - start > longest) {
            overlong = true;
            start = end;
        }
        return Found.NOTHING;
    }

    /** Takes the unfinished line as if it had its line feed; there is nothing if it is empty. All must have been searched. */
    Found endLine(int longest) {
        return end == start && !overlong ? Found.NOTHING : take(end, longest);
    }

    private Found take(int lineFeed, int longest) {
        lineStart = start;
        lineEnd = lineFeed;
        boolean tooLong = overlong || lineEnd - lineStart > longest;
        start = searched;
        overlong = false;
        trimCarriageReturns();
        return tooLong ? Found.TOO_LONG : Found.LINE;
    }

    private void trimCarriageReturns() {
        while (lineEnd > lineStart && bytes[lineEnd - 1] == '\r') {
            lineEnd--;
        }
    }

    /** The line found last, without its end. */
    byte[] line() {
        return Arrays.copyOfRange(bytes, lineStart, lineEnd);
    }

    /** How many bytes were taken since the beginning. */
    long taken() {
        return forgotten + start;
    }

    /** Whether no byte of an unfinished line has come. */
    boolean isAtLineStart() {
        return start == end && !overlong;
    }

    /** How many bytes wait for their turn. */
    int size() {
        return end - start;
    }
}
