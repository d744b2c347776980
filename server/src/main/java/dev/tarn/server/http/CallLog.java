package dev.tarn.server.http;

import java.util.concurrent.CompletableFuture;

/** Learns of every call before its answer leaves. */
public interface CallLog {
  /** Keeps nothing, for servers that serve nobody. */
  CallLog NONE =
      new CallLog() {
        @Override
        public void record(ServedCall call) {}

        @Override
        public CompletableFuture<Void> recordLater(ServedCall call) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /**
   * Returns once the call is recorded for good.
   *
   * @throws dev.tarn.kernel.error.TarnException if it cannot be, and must not be answered
   */
  void record(ServedCall call);

  /** As {@link #record}, for threads that must not wait. */
  CompletableFuture<Void> recordLater(ServedCall call);
}
