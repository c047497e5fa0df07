package io.dflockd.fake.protocol;

import java.util.Arrays;
import java.util.Locale;

/**
 * Which line of servers the fake is like (PROTOCOL.md). Everything in which they differ has its question here, so that no other place has to know their history.
 */
public enum Profile {
    /** 0.5, written in Python: locks only, text, and no patience with mistakes. */
    V0,
    /** 1.0 to 1.10, as recorded on 1.10.0. */
    V1,
    /** 2.x, as its source says up to 2.1.1; not recorded. */
    V2;

    private static final int LONGEST_LINE = 256;

    /**
     * The profile with this name, whatever its case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Profile of(String name) {
        return Arrays.stream(values())
                .filter(profile -> profile.toString().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + name + "' is no profile; there are v0, v1 and v2"));
    }

    /** Semaphores came with V1. */
    public boolean hasSemaphores() {
        return this != V0;
    }

    /** {@code auth} came with V1. */
    public boolean hasAuth() {
        return this != V0;
    }

    /** {@code stats} came with V1. */
    public boolean hasStats() {
        return this != V0;
    }

    /** {@code ping} came after 1.10. */
    public boolean hasPing() {
        return this == V2;
    }

    /** Whether the lock and the semaphore of a key have nothing to do with each other. */
    public boolean hasTwoKeySpaces() {
        return this == V2;
    }

    /** Whether the first half of a token rises with every grant. */
    public boolean hasFences() {
        return this == V2;
    }

    /** Whether the server can limit the connections of one address. */
    public boolean limitsConnectionsPerAddress() {
        return this == V2;
    }

    /** What a line may hold before its line feed, in bytes, carriage returns included. */
    public int longestLine() {
        return this == V0 ? LONGEST_LINE - 1 : LONGEST_LINE;
    }

    /** The same for the third line of {@code auth}. */
    public int longestSecret() {
        return this == V2 ? 65_536 : longestLine();
    }

    /** Whether lines must be UTF-8: bytes that are none close the connection without an answer. */
    public boolean readsTextOnly() {
        return this == V0;
    }

    /** Whether a key may hold white space. */
    public boolean takesSpacesInKeys() {
        return this == V0;
    }

    /** Whether numbers may have any length, underscores and the digits of other scripts. */
    public boolean takesAnyNumber() {
        return this == V0;
    }

    /** Whether the end of the stream ends a last line as a line feed would. */
    public boolean endOfStreamEndsLine() {
        return this == V0;
    }

    /** Whether a request that is not understood costs no more than its {@code error}. */
    public boolean keepsConnectionOnBadRequest() {
        return this != V0;
    }

    /** Whether a blocked command costs the connection if its peer has closed or sends no more, or has sent too much ahead: only V2 looks. */
    public boolean givesUpWaiting(boolean gone, boolean tooMuchAhead) {
        return this == V2 && (gone || tooMuchAhead);
    }

    /** Whether whoever asks for a key ends its leases that are over. */
    public boolean newcomersEndLeases() {
        return this != V0;
    }

    /** Whether {@code l} is refused at {@code --max-locks} even if the server knows the key. */
    public boolean countsKnownKeys() {
        return this == V0;
    }

    /** Whether a release leaves what {@code e} has left for {@code w}. */
    public boolean releaseKeepsEntry() {
        return this == V0;
    }

    /** What a renew answers that gave this lease. */
    public long renewed(long leaseSeconds) {
        return this == V0 ? leaseSeconds - 1 : leaseSeconds;
    }

    /** How a refusal for this reason reads. */
    public Status says(Status reason) {
        boolean unknown = reason == Status.ALREADY_ENQUEUED || reason == Status.NOT_ENQUEUED;
        return this == V0 && unknown ? Status.ERROR : reason;
    }

    /** Whether a closed connection leaves its queues even where it keeps its slots. */
    public boolean alwaysLeavesQueues() {
        return this == V2;
    }

    /** Whether all connections end as soon as the server is told to. */
    public boolean endsWithoutDraining() {
        return this == V0;
    }

    /** Whether requests are still carried out by a server that was told to end, and none may wait; there are no sweeps then. */
    public boolean servesWhileDraining() {
        return this == V1;
    }

    /** Whether the connection ends with this reply to this request. */
    public boolean endsConnection(Command request, Reply reply) {
        boolean draining = reply instanceof Reply.Refused refused && refused.status() == Status.DRAINING;
        return draining || (request instanceof Command.Malformed && !keepsConnectionOnBadRequest());
    }

    /** As the flag names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
