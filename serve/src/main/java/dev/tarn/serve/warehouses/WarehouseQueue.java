package dev.tarn.serve.warehouses;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A warehouse at work: so many statements at once, the others one after another as they came. */
final class WarehouseQueue {
  private final Clock clock;
  private final Queue<Place> waiting = new ArrayDeque<>();
  private final Object lifecycle = new Object();
  private int running;
  private int sessions;
  private boolean stopping;
  private Instant lastUsed;

  WarehouseQueue(Clock clock) {
    this.clock = clock;
    this.lastUsed = clock.instant();
  }

  private final class Place implements Turn {
    private final Consumer<Turn> begin;
    private final int atOnce;
    private boolean begun;
    private boolean ended;

    Place(Consumer<Turn> begin, int atOnce) {
      this.begin = begin;
      this.atOnce = atOnce;
    }

    void begin() {
      begin.accept(this);
      begun = true;
      running++;
    }

    @Override
    public boolean withdraw() {
      synchronized (WarehouseQueue.this) {
        boolean withdrawn = !begun && !ended;
        if (withdrawn) {
          ended = true;
          waiting.remove(this);
          lastUsed = clock.instant();
        }
        return withdrawn;
      }
    }

    @Override
    public void end() {
      synchronized (WarehouseQueue.this) {
        if (!withdraw() && !ended) {
          ended = true;
          running--;
          lastUsed = clock.instant();
          next(atOnce);
        }
      }
    }
  }

  /**
   * @param begin called once, with the lock held: when its turn has come
   * @throws RejectedExecutionException if too many wait already, or as {@code begin} throws it
   */
  synchronized Turn enter(Consumer<Turn> begin, int atOnce, int mostWaiting) {
    lastUsed = clock.instant();
    Place place = new Place(begin, atOnce);
    if (running < atOnce) {
      place.begin();
    } else if (waiting.size() < mostWaiting) {
      waiting.add(place);
    } else {
      throw new RejectedExecutionException();
    }
    return place;
  }

  private void next(int atOnce) {
    while (running < atOnce && !waiting.isEmpty()) {
      try {
        waiting.peek().begin();
        waiting.remove();
      } catch (RejectedExecutionException e) {
        // The server is closing, and nobody waits for an answer.
        waiting.clear();
      }
    }
  }

  /** Held while it stops for want of use, and while somebody begins to use it. */
  Object lifecycle() {
    return lifecycle;
  }

  synchronized void touch() {
    lastUsed = clock.instant();
  }

  synchronized void sessionOpened() {
    sessions++;
    lastUsed = clock.instant();
  }

  synchronized void sessionClosed() {
    sessions--;
  }

  synchronized int sessions() {
    return sessions;
  }

  synchronized boolean busy() {
    return running > 0 || !waiting.isEmpty();
  }

  synchronized boolean idleSince(Instant moment) {
    return !busy() && lastUsed.isBefore(moment);
  }

  synchronized void stopping(boolean now) {
    stopping = now;
  }

  /** Whether it was told to stop and still has something to end. */
  synchronized boolean stopping() {
    return stopping && busy();
  }
}
