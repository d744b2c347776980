package dev.tarn.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.engine.evaluation.StatementFunctions;
import dev.tarn.engine.lineage.PlanReads;
import dev.tarn.engine.policy.PolicyBarrier;
import dev.tarn.engine.session.Definer;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.engine.snapshot.SnapshotTable;
import dev.tarn.engine.snapshot.SnapshotTables;
import dev.tarn.engine.sql.Parameter;
import dev.tarn.engine.sql.Profile;
import dev.tarn.govern.grants.Grants;
import dev.tarn.kernel.identity.Principal;
import dev.tarn.store.cache.RemoteFile;
import dev.tarn.store.delta.TableSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.SQLScalarFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.VariableReference;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Translations of statements that were asked before, by the same principal under the same grants,
 * of the same versions of the same tables.
 */
final class PlanCache {
  private static final int MOST_CHARACTERS = 16 << 20;

  /** An expression, its settings and its copies weigh about as much as this text. */
  private static final int CHARACTERS_OF_A_FUNCTION = 20_000;

  /** Texts that Spark's parser and optimizer take for the current time where they become one. */
  private static final Pattern MOMENT =
      Pattern.compile("\\b(now|today|tomorrow|yesterday)\\b", Pattern.CASE_INSENSITIVE);

  /**
   * All that the meaning of a statement depends on, beside the tables' versions, the grants and
   * what the catalog holds.
   *
   * @param settings of the session
   */
  record Key(
      Principal principal,
      String text,
      List<Parameter> parameters,
      String catalog,
      List<String> schema,
      Map<String, String> settings) {}

  /**
   * @param functions that the SQL calls
   * @param tables as the translation reads them
   * @param files of those tables
   * @param opened those of them that are read
   * @param remote of those files, that do not lie on this machine
   * @param copies of the remote files, in the same order, as the translation names them
   * @param definers the owners of the views and functions in it, as they stood
   * @param hides whether a row filter or mask hides something of what it reads
   * @param reads its lineage
   * @param epoch of the grants and of what the catalog holds, from before it was analysed
   * @param names in the catalog that it depends on; empty if on more than these
   * @param repeatable whether it gives the same result as long as the tables do not change
   */
  record Translated(
      String sql,
      StatementFunctions functions,
      StructType schema,
      List<TableSnapshot> tables,
      Profile.Files files,
      List<ParquetScans.Opened> opened,
      List<RemoteFile> remote,
      List<Path> copies,
      Set<Principal> definers,
      boolean hides,
      long epoch,
      Optional<Set<String>> names,
      boolean repeatable,
      PlanReads reads) {}

  private final SnapshotTables tables;
  private final Cache<Key, Translated> translations =
      Caffeine.newBuilder()
          .maximumWeight(MOST_CHARACTERS)
          .weigher(
              (Key key, Translated t) ->
                  1_000
                      + key.text().length()
                      + t.sql().length()
                      + t.functions().size() * CHARACTERS_OF_A_FUNCTION)
          .build();

  PlanCache(SnapshotTables tables) {
    this.tables = tables;
  }

  /**
   * The translation, if every table still stands where it stood, and every owner of a view, and
   * nothing was changed in the catalog that it depends on.
   *
   * @param now the epoch as it stands
   */
  Optional<Translated> get(Key key, long now, SessionContext context) {
    Function<String, Optional<Principal>> holders = context.holders();
    Translated known = translations.getIfPresent(key);
    return known != null
            && holds(known, now, context.grants())
            && known.tables().stream().allMatch(tables::isLatest)
            && known.definers().stream()
                .allMatch(d -> holders.apply(d.name()).equals(Optional.of(d)))
        ? Optional.of(known)
        : Optional.empty();
  }

  private static boolean holds(Translated known, long now, Grants grants) {
    return known.epoch() == now
        || (known.names().isPresent() && !grants.touched(known.names().get(), known.epoch()));
  }

  /**
   * Keeps a translation if it can be used again.
   *
   * @param epoch from before it was analysed
   * @param key empty if the statement means something to its own session only
   */
  Translated put(
      Optional<Key> key,
      long epoch,
      SessionContext context,
      String sql,
      StatementFunctions functions,
      LogicalPlan analysed,
      ParquetScans scans,
      FileCopies.Leased copies) {
    List<TableSnapshot> read = new ArrayList<>();
    Set<Principal> definers = new HashSet<>();
    boolean same = repeatable(analysed, read, definers);
    boolean repeatable = key.isPresent() && !momentary(key.get()) && same;
    Translated translated =
        new Translated(
            sql,
            functions,
            analysed.schema(),
            List.copyOf(read),
            scans.files(),
            scans.opened(),
            copies.files(),
            copies.paths(),
            Set.copyOf(definers),
            PolicyBarrier.in(analysed),
            epoch,
            repeatable ? CatalogNames.of(analysed, context) : Optional.empty(),
            repeatable,
            new PlanReads(analysed));
    if (repeatable) {
      translations.put(key.get(), translated);
    }
    return translated;
  }

  private static boolean momentary(Key key) {
    return MOMENT.matcher(key.text()).find()
        || key.parameters().stream()
            .anyMatch(p -> p.value() != null && MOMENT.matcher(p.value()).find());
  }

  private static boolean momentary(View view) {
    return MOMENT.matcher(view.desc().viewText().getOrElse(() -> "")).find();
  }

  /** Forgets a translation that no longer works. */
  void forget(Key key) {
    translations.invalidate(key);
  }

  /** Whether the same text will mean the same as long as the tables do not change. */
  private static boolean repeatable(
      LogicalPlan plan, List<TableSnapshot> read, Set<Principal> definers) {
    boolean[] repeatable = {!plan.containsPattern(TreePattern.CURRENT_LIKE())};
    plan.foreach(
        node -> {
          if (node instanceof DataSourceV2Relation relation) {
            repeatable[0] &= relation.timeTravelSpec().isEmpty();
            read.add(((SnapshotTable) relation.table()).snapshot());
          }
          if (node instanceof View view) {
            Optional<Principal> definer = Definer.of(view.desc().viewSQLConfigs());
            definer.ifPresent(definers::add);
            repeatable[0] &= !view.isTempView() && definer.isPresent() && !momentary(view);
          }
          for (Expression expression : CollectionConverters.asJava(node.expressions())) {
            expression.foreach(
                e -> {
                  if (e instanceof SQLScalarFunction call) {
                    Definer.of(call.function().getSQLConfigs()).ifPresent(definers::add);
                  }
                  repeatable[0] &=
                      !(e instanceof VariableReference)
                          && !(e instanceof SQLScalarFunction)
                          && e.deterministic();
                  if (e instanceof SubqueryExpression subquery) {
                    repeatable[0] &= repeatable(subquery.plan(), read, definers);
                  }
                  return BoxedUnit.UNIT;
                });
          }
          return BoxedUnit.UNIT;
        });
    return repeatable[0];
  }

  void clear() {
    translations.invalidateAll();
  }
}
