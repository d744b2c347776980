package dev.tarn.platform.database;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** At which epoch each name was touched last, as far as that is remembered. */
final class Changes {
  private static final int MOST_NAMES = 20_000;

  private final Map<String, Long> only = new ConcurrentHashMap<>();
  private final Map<String, Long> within = new ConcurrentHashMap<>();
  private volatile long everything;

  /** A change that may have been about anything, or is forgotten what about. */
  synchronized void everything(long epoch) {
    everything = Math.max(everything, epoch);
    only.clear();
    within.clear();
  }

  /** A change about these alone. */
  synchronized void add(long epoch, Collection<Touched> touched) {
    if (only.size() + within.size() + touched.size() > MOST_NAMES) {
      everything(epoch);
      return;
    }
    for (Touched each : touched) {
      (each.within() ? within : only).merge(each.name(), epoch, Math::max);
    }
  }

  /** Whether a name may have been touched after the epoch. */
  boolean since(String name, long epoch) {
    if (after(only.get(name), epoch)) {
      return true;
    }
    if (!within.isEmpty()) {
      String at = name;
      while (true) {
        if (after(within.get(at), epoch)) {
          return true;
        }
        int dot = at.lastIndexOf('.');
        if (dot < 0) {
          break;
        }
        at = at.substring(0, dot);
      }
    }
    // Last, since names are forgotten only after this was raised.
    return everything > epoch;
  }

  /** What was touched after the epoch; empty if it may have been anything. */
  synchronized Optional<Set<Touched>> touchedSince(long epoch) {
    if (everything > epoch) {
      return Optional.empty();
    }
    Set<Touched> touched = new HashSet<>();
    only.forEach((name, at) -> collect(touched, at, epoch, Touched.only(name)));
    within.forEach((name, at) -> collect(touched, at, epoch, Touched.within(name)));
    return Optional.of(touched);
  }

  private static void collect(Set<Touched> touched, long at, long epoch, Touched name) {
    if (at > epoch) {
      touched.add(name);
    }
  }

  private static boolean after(Long touched, long epoch) {
    return touched != null && touched > epoch;
  }
}
