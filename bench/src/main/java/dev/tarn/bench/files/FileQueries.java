package dev.tarn.bench.files;

import java.util.Arrays;

/**
 * What is asked of the table of many files, and how long each answer took. Needs nothing but the
 * JDK, since it runs beside drivers in processes of their own.
 */
final class FileQueries {
  /** Partitions of the table; each has a link to every file of the seed. */
  static final int PARTITIONS = 1_000;

  /** Rows of the seed, by id from 0. */
  static final int IDS = 1_000;

  private static final int WARM_UP = 30;
  private static final int LATER = 25;
  private static final int COUNTS = 5;

  /** A connection to what is measured. */
  @FunctionalInterface
  interface Asking {
    /** The first row of the answer, as text. */
    String ask(String sql) throws Exception;
  }

  private FileQueries() {}

  /**
   * Prints, in microseconds, {@code first}, {@code one} and {@code count} (medians), {@code all}
   * and {@code again}, then {@code answers} with a text that all who are measured must agree on.
   */
  static void measure(Asking asking, String seed, String table) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      asking.ask("SELECT count(*), max(v) FROM " + seed + " WHERE id = " + i);
    }
    StringBuilder answers = new StringBuilder();
    String count = "SELECT count(*) FROM " + table;
    String all = "SELECT sum(id), max(v) FROM " + table;
    System.out.println("first " + micros(asking, one(table, 7, 7), answers));
    long[] ones = new long[LATER];
    for (int i = 0; i < LATER; i++) {
      ones[i] = micros(asking, one(table, i * 37 % PARTITIONS, i * 41 % IDS), answers);
    }
    System.out.println("one " + median(ones));
    long[] counts = new long[COUNTS];
    for (int i = 0; i < COUNTS; i++) {
      counts[i] = micros(asking, count, answers);
    }
    System.out.println("count " + median(counts));
    System.out.println("all " + micros(asking, all, answers));
    System.out.println("again " + micros(asking, all, answers));
    System.out.println("answers " + answers);
  }

  private static String one(String table, int part, int id) {
    return "SELECT count(*), max(v) FROM " + table + " WHERE part = " + part + " AND id = " + id;
  }

  private static long micros(Asking asking, String sql, StringBuilder answers) throws Exception {
    long start = System.nanoTime();
    String answer = asking.ask(sql);
    long micros = (System.nanoTime() - start) / 1_000;
    answers.append(answer).append(' ');
    return micros;
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
