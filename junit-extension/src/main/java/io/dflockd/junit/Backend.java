package io.dflockd.junit;

/**
 * What kind of server the tests run against; the code of the tests is the same.
 *
 * <p>{@link #CONFIGURED}, the default, is decided from outside the code, by the first of these that is there:
 *
 * <ol>
 *   <li>the system property {@code dflockd.backend};
 *   <li>the environment variable {@code DFLOCKD_BACKEND};
 *   <li>JUnit's configuration parameter {@code dflockd.backend}, as in {@code junit-platform.properties}.
 * </ol>
 *
 * <p>It is {@code fake}, {@code container}, {@code container:IMAGE}, {@code external} or {@code external:HOST:PORT}; where it is not there, it is the fake. The image and the address may
 * also be in {@code dflockd.image} ({@code DFLOCKD_IMAGE}) and {@code dflockd.address} ({@code DFLOCKD_ADDRESS}).
 */
public enum Backend {

    /** As the system property, the environment or JUnit's configuration say, and the fake if they do not. */
    CONFIGURED,

    /** {@link io.dflockd.fake.FakeDflockdServer}, in this JVM. */
    FAKE,

    /** A container with a real server, started for the class or the test and stopped with it; needs Testcontainers and a container engine. */
    CONTAINER,

    /**
     * A server that runs already: it is not started, not stopped and not reset. Others may use it at the same time, and what a test finds there may be theirs, or of an earlier run.
     */
    EXTERNAL
}
