package dev.tarn.bench.measure;

/** One comparison. */
public interface Benchmark {
  /** What {@code tarn bench NAME} calls it. */
  String name();

  /** What it measures, in one line. */
  String about();

  /** Runs all rounds. Throws if something failed or the two sides disagree about the result. */
  Report run(Lab lab) throws Exception;
}
