package io.dflockd.fake.protocol;

import java.util.Arrays;

/**
 * The bytes of a connection that no request has taken yet, cut into lines (PROTOCOL.md section 1).
 *
 * <p>It grows with what is sent ahead, which the owner bounds; of a line that is too long it keeps nothing but the fact.
 */
final class LineBuffer {

    /** What a line may hold before its line feed, carriage returns included. */
    static final int LONGEST_LINE = 256;

    /** What {@link #findLine} says. */
    enum Found {
        LINE,
        TOO_LONG,
        NOTHING
    }

    private byte[] bytes = new byte[512];
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
        searched -= start;
        start = 0;
        end = kept;
    }

    /** Looks for the next line. If there is one it is taken, and stays readable until the next append. */
    Found findLine() {
        while (searched < end) {
            if (bytes[searched++] == '\n') {
                lineStart = start;
                lineEnd = searched - 1;
                boolean tooLong = overlong || lineEnd - lineStart > LONGEST_LINE;
                start = searched;
                overlong = false;
                trimCarriageReturns();
                return tooLong ? Found.TOO_LONG : Found.LINE;
            }
        }
        if (end - start > LONGEST_LINE) {
            overlong = true;
            start = end;
        }
        return Found.NOTHING;
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

    /** How many bytes wait for their turn. */
    int size() {
        return end - start;
    }

    /** Whether the unfinished line is too long already. */
    boolean isOverlong() {
        return overlong;
    }
}
