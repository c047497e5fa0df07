package io.dflockd.junit;

import io.dflockd.fake.protocol.Profile;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class, or one test, a dflockd server, in memory on a real loopback socket, and clients for it.
 *
 * <pre>{@code
 * @WithDflockd
 * class CheckoutTest {
 *     @Test
 *     void holds_the_order(DflockdClient client) throws Exception {
 *         try (Lease lease = client.lock("orders").acquire()) {
 *             assertThat(lease.isHeld()).isTrue();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p><b>Where.</b> On a class, a superclass, an interface, a nested class, a test method, or an annotation of yours that stands there. For each {@link #name} the nearest
 * counts, and one server is started, however often the annotation is inherited. A nested class shares the server of the class round it unless it has one of its own.
 *
 * <p><b>How long.</b> A server lives as long as the class, and is reset before each test: no lock is held, nobody waits, no fault is armed, every connection is closed, a
 * manual clock is at 0; or as long as one test: see {@link #scope}. On a method, it always lives as long as the test.
 *
 * <p><b>What for.</b> Test methods and lifecycle methods may ask for these parameters, also beside those of a parameterized test:
 *
 * <ul>
 *   <li>{@link io.dflockd.fake.FakeDflockdServer}: the server, for faults, its journal, and everything else;
 *   <li>{@link DflockdServer}: its address;
 *   <li>{@link io.dflockd.fake.ServerClock}: its clock;
 *   <li>{@link io.dflockd.client.DflockdClient}: a client that knows the server's secret, certificate and profile. One for each test, closed after everything else in it. What
 *       a constructor or a {@code @BeforeAll} method gets lives as long as the class.
 * </ul>
 *
 * <p>{@link Dflockd} on a parameter says which of several servers it is about. Constructors may ask too, of a server that lives as long as the class.
 *
 * <p><b>Afterwards.</b> A test that leaves locks held, waiters in a queue, faults that never struck, or threads of its own clients and servers fails; see {@link LeakCheck}. When a test
 * fails, what the server saw is attached to the failure, and published as a report entry and, from JUnit 5.12 on, as a file.
 *
 * <p>Settings that make no sense together fail the class, or the test, with {@link org.junit.jupiter.api.extension.ExtensionConfigurationException} before anything is
 * started. More settings than these has {@link DflockdExtension#builder()}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(WithDflockd.Several.class)
@ExtendWith(AnnotationExtension.class)
public @interface WithDflockd {

    /** What {@link Dflockd} calls the server; empty, the default, for the one that parameters without that annotation are about. */
    String name() default "";

    /** How long the server lives: as long as the class by default. Tests of a class that run at the same time need {@link ServerScope#PER_METHOD}. */
    ServerScope scope() default ServerScope.PER_CLASS;

    /** What kind of server it is: by default the fake, unless something else is configured. */
    Backend backend() default Backend.CONFIGURED;

    /** What happens when a test leaves something behind: by default it fails. */
    LeakCheck leakCheck() default LeakCheck.FAIL;

    /** Whether the server's clock stands still until the test advances it: {@code clock.advance(Duration.ofSeconds(6))}. */
    boolean manualClock() default false;

    /** How long the server keeps every request waiting before it looks at it: a whole number and {@code ms}, {@code s}, {@code m} or {@code h}. Nothing by default. */
    String latency() default "";

    /** The line of servers to be like: the 1.x ones by default. */
    Profile profile() default Profile.V1;

    /** The seed of tokens and of faults that are a matter of probability, at most one; by default it is drawn anew, and the report of a failed test tells it. */
    long[] seed() default {};

    /** How many keys the server may know, idle ones too: 1024 by default. */
    int maxLocks() default 1024;

    /** How many may wait for one key; 0, the default, for any number. */
    int maxWaiters() default 0;

    /** Several servers, which differ by name; the compiler writes this. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @ExtendWith(AnnotationExtension.class)
    @interface Several {

        /** The servers. */
        WithDflockd[] value();
    }
}
