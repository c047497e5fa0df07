package io.dflockd.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a dflockd server, in memory on a real loopback socket, and clients for it.
 *
 * <p>One server is started for the class, before its first test, and stopped after its last; nested test classes share it, unless
 * they carry the annotation themselves. Before each test it is reset: no
 * lock is held, nobody waits, no fault is armed, every connection is closed, a manual clock keeps its time.
 *
 * <p>Test methods, lifecycle methods and constructors may ask for these parameters:
 *
 * <ul>
 *   <li>{@code FakeDflockdServer}: the server;
 *   <li>{@code DflockdClient}: a client connected to it. One for each test, closed after it; what a constructor or a {@code @BeforeAll} method gets lives as
 *       long as the class.
 * </ul>
 *
 * <pre>{@code
 * @WithDflockd
 * class CheckoutTest {
 *     @Test
 *     void holds_the_order(DflockdClient client) {
 *         try (Lease lease = client.lock("orders").acquire()) {
 *             assertThat(lease.isHeld()).isTrue();
 *         }
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(DflockdExtension.class)
public @interface WithDflockd {

    /** Whether the server's clock stands still until the test advances it: {@code server.clock().advance(...)}. */
    boolean manualClock() default false;
}
