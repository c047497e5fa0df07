package io.dflockd.fake.server;

/**
 * The server's end of one connection, implemented by whoever owns the bytes: sockets, a simulator, a player of transcripts.
 *
 * <p>Called under the driver's lock: nothing here may block.
 */
public interface Wire {

    /**
     * Sends these bytes behind all earlier ones. What the peer does not take yet is kept ({@link #isCongested}). If the peer is gone they go nowhere; the server
     * learns of it by what the session is told.
     */
    void write(byte[] bytes);

    /** Closes in order: what was written still arrives, then the end of the stream. */
    void close();

    /** Breaks the connection off: the peer sees a reset, and may lose what it has not read. */
    void reset();

    /** Ends the stream towards the peer, behind what was written, and still reads. */
    default void shutdownOutput() {}

    /** Who is at the other end: an address without a port. Everybody is the same where nothing is known. */
    default String peer() {
        return "";
    }

    /** Whether written bytes are still kept; when the peer takes some again, {@link Session#writable} must be called. */
    default boolean isCongested() {
        return false;
    }

    /**
     * Whether so much was written at once that others have their turn first. Then {@link Session#writable} must be called when they had it; what is written before
     * is sent all the same.
     */
    default boolean isSated() {
        return false;
    }

    /** Whether a write has failed: the peer is gone, and nothing arrives any more. */
    default boolean isBroken() {
        return false;
    }

    /** The peer takes bytes again: send what is kept, and close if that had to wait. */
    default void flush() {}

    /** Too much was sent ahead: take no more from the peer for now. */
    default void pauseReading() {}

    /** Take bytes from the peer again. */
    default void resumeReading() {}

    /** The network is cut: leave what is kept where it is, and do not ask to go on writing. */
    default void pauseWriting() {}

    /** The network works again: what is kept may go. */
    default void resumeWriting() {}
}
