package dev.tarn.engine.differential;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** Gives a property its seed and its number of tries by system properties. */
final class RandomRun implements AroundPropertyHook {
  static final int STATEMENTS = Integer.getInteger("tarn.random.statements", 2_000);

  static final long SEED = Long.getLong("tarn.random.seed", System.nanoTime());

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    context.attributes().setTries(STATEMENTS);
    context.attributes().setSeed(Long.toString(SEED));
    return property.execute();
  }
}
