package dev.tarn.serve.thrift;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The number of a struct's field on the wire. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Id {
  short value();

  /** Whether a struct without the field is broken. */
  boolean required() default false;
}
