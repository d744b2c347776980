package dev.tarn.engine.lineage;

import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.lineage.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * What a query reads that is kept and run again: its plan is looked at once, and the same query of
 * the same principal is noted once a minute.
 */
public final class PlanReads {
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong noted = new AtomicLong(System.nanoTime() - AGAIN_NANOS);
  private LogicalPlan plan;
  private Flow flow;

  public PlanReads(LogicalPlan analysed) {
    this.plan = analysed;
  }

  private synchronized Flow flow() {
    if (plan != null) {
      flow = PlanLineage.of(plan);
      plan = null;
    }
    return flow;
  }

  /** Notes that a statement runs it, and waits until that is recorded. */
  public void ran(SessionContext context, String statementId) {
    long last = noted.get();
    long now = System.nanoTime();
    if (now - last >= AGAIN_NANOS && noted.compareAndSet(last, now)) {
      context.lineage().noteAndSettle(this::flow, context.principal().name(), statementId, null);
    }
  }
}
