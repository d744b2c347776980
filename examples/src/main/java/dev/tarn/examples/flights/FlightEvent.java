package dev.tarn.examples.flights;

/**
 * One event of the replay.
 *
 * @param index its place in the replay, from 0; it decides partition and offset
 * @param key the origin's airport code, or {@link FlightEvents#MALFORMED_KEY}
 * @param value JSON, save for the malformed few
 */
record FlightEvent(long index, String key, String value) {
  int partition() {
    return (int) (index % FlightProducer.PARTITIONS);
  }

  long offset() {
    return index / FlightProducer.PARTITIONS;
  }
}
