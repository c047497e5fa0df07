package io.dflockd.junit;

/**
 * The server of a test, whatever answers there: a test that asks for this instead of {@link io.dflockd.fake.FakeDflockdServer} says that it needs an address and
 * nothing that only a fake can do.
 */
public interface DflockdServer {

    /** Where clients connect to: {@code host:port}, IPv6 in brackets. */
    String address();

    /** The host part of the address, without brackets. */
    String host();

    /** The port part of the address. */
    int port();
}
