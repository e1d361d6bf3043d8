package org.odap.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that former releases knew. A file that still has it is refused with what to do instead. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Retired.Keys.class)
public @interface Retired {
  /** The key as it stood in the file. */
  String key();

  /** What replaces it, as a sentence to the operator. */
  String instead();

  /** Holds several retired keys of one record. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Keys {
    Retired[] value();
  }
}
