package io.dflockd.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A fault that is armed before the test, in one line of text as for {@link io.dflockd.fake.fault.FaultSpec}: {@code COMMAND:PHASE:EFFECT[:OPTION]...}. For all that goes
 * beyond that there is {@link io.dflockd.fake.FakeDflockdServer#on}.
 *
 * <pre>{@code
 * @Test
 * @DflockdFault("acquire:after-apply-before-reply:reset:key=orders")
 * void a_lost_grant_blocks_nobody(DflockdClient client) { ... }
 * }</pre>
 *
 * <p>On a method it must strike, or the test fails ({@link LeakCheck}). On a class, where it is armed again before each test, it need not. The first fault that matches a
 * request strikes it: the method's come first, then the class's, then those that the test arms itself.
 *
 * <p>It may be repeated, and stand on an annotation of yours. A fault that makes no sense, or is for a server that there is not, fails the test with
 * {@link org.junit.jupiter.api.extension.ExtensionConfigurationException}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(DflockdFault.Several.class)
@ExtendWith(AnnotationExtension.class)
public @interface DflockdFault {

    /** The fault: {@code acquire:before-apply:latency=200ms:key=orders:always}. */
    String value();

    /** The name of the server that it is for; by default the one without a name. */
    String server() default "";

    /** Several faults; the compiler writes this. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @ExtendWith(AnnotationExtension.class)
    @interface Several {

        /** The faults. */
        DflockdFault[] value();
    }
}
