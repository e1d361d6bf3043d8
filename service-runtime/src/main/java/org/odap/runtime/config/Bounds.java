package org.odap.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The smallest and largest value of a number or duration (both allowed), or of the length of a
 * list, map or string. Written as in the file: {@code "1"}, {@code "30s"}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Bounds {
  /** Empty means no lower bound. */
  String min() default "";

  /** Empty means no upper bound. */
  String max() default "";
}
