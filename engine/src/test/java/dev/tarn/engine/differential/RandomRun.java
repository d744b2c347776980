package dev.tarn.engine.differential;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** Gives a property its seed and its number of tries by system properties. */
final class RandomRun implements AroundPropertyHook {
  /** A build asks the same each time, and fails for what was changed; longer runs explore. */
  private static final int SHORT_RUN = 1_000;

  static final int STATEMENTS = Integer.getInteger("tarn.random.statements", SHORT_RUN);

  static final long SEED =
      Long.getLong("tarn.random.seed", STATEMENTS == SHORT_RUN ? 1 : System.nanoTime());

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    context.attributes().setTries(STATEMENTS);
    context.attributes().setSeed(Long.toString(SEED));
    return property.execute();
  }
}
