package dev.tarn.serve.warehouses;

/** Something that waits for its turn. */
@FunctionalInterface
public interface Waiting {
  /** Gives up waiting. Returns whether it had not begun, and now never will. */
  boolean withdraw();
}
