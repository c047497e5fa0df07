package io.dflockd.fake.server;

/** Who is told what the peer of a connection did. */
public interface Receiver {

    /** The peer sent these bytes. */
    void received(byte[] bytes, int offset, int length);

    /** The peer will send no more. */
    void endOfStream();

    /** The peer broke the connection off: nothing that waits for its turn can be answered any more. */
    void reset();

    /** The peer takes bytes again, after the wire was congested. */
    void writable();
}
