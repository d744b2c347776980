package dev.tarn.acceptance.restart;

import dev.tarn.acceptance.launcher.TarnUnderTest.Tarn;

/** Something that {@code kill -9} and a new start must not harm. */
public interface Survivor extends AutoCloseable {
  /** What a Tarn is asked for that is killed next. */
  void before(Tarn tarn) throws Exception;

  /** What must be true of one that was started at the same address, with the same data. */
  void after(Tarn tarn) throws Exception;

  @Override
  void close();
}
