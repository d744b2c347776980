package dev.tarn.engine.catalog;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/** A staged Delta table that enters the namespace only when its files are committed. */
final class RegisteringStagedTable implements StagedTable, SupportsWrite {
  private final StagedTable delta;
  private final Consumer<Runnable> committing;
  private final Consumer<StructType> register;
  private final Runnable discard;

  /**
   * @param committing runs the commit, while its path is one that may be named
   */
  RegisteringStagedTable(
      StagedTable delta,
      Consumer<Runnable> committing,
      Consumer<StructType> register,
      Runnable discard) {
    this.delta = delta;
    this.committing = committing;
    this.register = register;
    this.discard = discard;
  }

  @Override
  public void commitStagedChanges() {
    committing.accept(delta::commitStagedChanges);
    register.accept(SchemaOf.table(delta));
  }

  @Override
  public void abortStagedChanges() {
    delta.abortStagedChanges();
    discard.run();
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return ((SupportsWrite) delta).newWriteBuilder(info);
  }

  @Override
  public String name() {
    return delta.name();
  }

  @Override
  public Column[] columns() {
    return delta.columns();
  }

  @Override
  public Transform[] partitioning() {
    return delta.partitioning();
  }

  @Override
  public Map<String, String> properties() {
    return delta.properties();
  }

  @Override
  public Set<TableCapability> capabilities() {
    return delta.capabilities();
  }
}
