package io.dflockd.fake;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Rewriting;
import io.dflockd.fake.fault.TlsEffect;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The test shows what a client sees of this effect at these phases; {@link EffectsByPhaseTest} finds the pairs that no test shows. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Shows.All.class)
public @interface Shows {

    /** The effect's type. */
    Class<? extends Effect> effect();

    /** Where it strikes. */
    Phase.Point[] at();

    /** Of bytes that are written in place of a reply, which. */
    Rewriting[] how() default {};

    /** Of ways in which a TLS handshake goes wrong, which. */
    TlsEffect[] tls() default {};

    /** Several of them. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface All {
        Shows[] value();
    }
}
