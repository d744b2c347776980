package dev.tarn.serve.warehouses;

/** A place among the statements that a warehouse runs at once, or in the queue for one. */
public interface Turn extends Waiting {
  /** Gives the place back, whether its turn had come or not. Repeated calls do nothing. */
  void end();
}
