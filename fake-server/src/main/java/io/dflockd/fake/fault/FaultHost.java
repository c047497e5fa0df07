package io.dflockd.fake.fault;

/** The server that the faults are for. */
public interface FaultHost {

    /** Runs a change of the faults under the server's lock, and then everything that follows from it. */
    void change(Runnable action);

    /** A fault at {@link Phase#IDLE} is armed: connections that are idle already are for it. Called inside a {@link #change}. */
    void idleFaultArmed();

    /** Whether connections begin with a TLS handshake. */
    boolean hasTls();

    /** Whether tokens begin with a fence. */
    boolean hasFences();

    /** Whether the state is another server's, where no fault reaches it. */
    boolean isProxy();
}
