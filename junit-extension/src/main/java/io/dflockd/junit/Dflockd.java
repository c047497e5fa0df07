package io.dflockd.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a parameter: which of several servers it belongs to.
 *
 * <pre>{@code
 * @WithDflockd(name = "a")
 * @WithDflockd(name = "b")
 * class ShardingTest {
 *     @Test
 *     void two(@Dflockd("a") DflockdServer a, @Dflockd("b") DflockdServer b) { ... }
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Dflockd {

    /** The name that was given to the server: {@link WithDflockd#name}, or {@link DflockdExtension.Builder#name}. */
    String value();
}
