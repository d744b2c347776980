package dev.tarn.process.updates;

import dev.tarn.kernel.error.TarnException;

/** Who wants to know how an update goes. Called from several threads. */
public interface UpdateEvents {
  /** Names the update; null if it has no name. */
  default String updateId() {
    return null;
  }

  void state(UpdateState state);

  void flow(FlowProgress progress);

  /** Something that belongs to no flow went wrong; the update ends. */
  void failed(TarnException error);
}
