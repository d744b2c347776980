package dev.tarn.process.updates;

import java.util.List;
import java.util.Map;

/**
 * What a flow had seen when it last succeeded.
 *
 * @param digest of everything in the definition that the result depends on
 * @param pipelineDigest of all files and settings of the pipeline
 * @param repeatable whether the same inputs give the same result; false for {@code now()}
 * @param output name of the table
 * @param outputPosition the table's version after the flow had written
 */
record FlowState(
    String flow,
    String digest,
    String pipelineDigest,
    boolean repeatable,
    List<Input> inputs,
    String output,
    String outputPosition) {

  /**
   * @param kind {@link Positions#TABLE} or the function of a source
   * @param position where the input stood before the flow ran
   */
  record Input(String kind, Map<String, String> description, String position) {}
}
