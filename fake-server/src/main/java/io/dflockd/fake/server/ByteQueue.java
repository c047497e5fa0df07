package io.dflockd.fake.server;

import java.util.Arrays;

/** Bytes on their way, in order. */
final class ByteQueue {

    private byte[] bytes = new byte[512];
    private int start;
    private int end;
    private int searched;
    private long taken;

    void append(byte[] source, int offset, int length) {
        if (end + length > bytes.length) {
            makeRoom(length);
        }
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    private void makeRoom(int length) {
        int kept = size();
        byte[] target = kept + length > bytes.length ? new byte[Integer.highestOneBit(kept + length) * 2] : bytes;
        System.arraycopy(bytes, start, target, 0, kept);
        bytes = target;
        searched -= start;
        start = 0;
        end = kept;
    }

    int size() {
        return end - start;
    }

    /** How long the first line is, with its line feed; 0 if it is not complete. */
    int lineLength() {
        searched = Math.max(searched, start);
        while (searched < end) {
            if (bytes[searched] == '\n') {
                return searched + 1 - start;
            }
            searched++;
        }
        return 0;
    }

    /** Takes the first bytes, at most so many. */
    byte[] take(long most) {
        int count = (int) Math.max(0, Math.min(most, size()));
        byte[] first = Arrays.copyOfRange(bytes, start, start + count);
        start += count;
        taken += count;
        return first;
    }

    /** Takes everything up to this place, counted from the first byte that ever came. */
    byte[] takeUpTo(long place) {
        return take(place - taken);
    }

    /** How many bytes were taken since the beginning. */
    long taken() {
        return taken;
    }
}
