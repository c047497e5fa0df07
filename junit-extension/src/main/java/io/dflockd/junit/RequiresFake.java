package io.dflockd.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a test, a class or an annotation of yours: what is tested needs the fake, for a fault, its clock or its journal. Where another {@link Backend} was chosen, the test is skipped, that is,
 * aborted with a reason; without this annotation it would fail. Counts for nested classes and subclasses, too.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresFake {}
