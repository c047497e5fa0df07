package io.dflockd.fake;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The test shows what a client sees at its socket of this effect at these points: the table of effects and phases is made of these. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Shows.All.class)
public @interface Shows {

    /** The kind of effect. */
    Class<? extends Effect> effect();

    /** Where it strikes in this test. */
    Phase.Point[] at();

    /** Several on one test. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface All {
        Shows[] value();
    }
}
