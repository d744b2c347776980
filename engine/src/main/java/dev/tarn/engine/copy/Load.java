package dev.tarn.engine.copy;

import dev.tarn.engine.catalog.RegisteredTable;
import dev.tarn.engine.catalog.TarnCatalog;
import dev.tarn.engine.lineage.PlanLineage;
import dev.tarn.engine.session.SessionContext;
import dev.tarn.govern.catalog.TableChange;
import dev.tarn.govern.grants.Privilege;
import dev.tarn.kernel.error.ErrorCode;
import dev.tarn.kernel.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.delta.DeltaOptions;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.delta.commands.WriteIntoDelta;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Carries out a COPY INTO. Rows and the marks of the files that they come from are one commit; who
 * loses a race begins again, with the files that are left.
 */
public final class Load {
  /** More often than anybody loses against others that load the same files. */
  private static final int ATTEMPTS = 10;

  private static final int SHOWN_ROWS = 50;

  /** Formats whose readers pass over what they cannot parse unless they are told not to. */
  private static final Set<String> LENIENT = Set.of("csv", "json", "xml");

  private static final StructType COUNTS =
      new StructType()
          .add("num_affected_rows", "bigint")
          .add("num_inserted_rows", "bigint")
          .add("num_skipped_corrupt_files", "bigint");

  private final SparkSession spark;
  private final SessionContext context;
  private final Optional<FileLoader> loader;
  private final CopyInto copy;

  public Load(
      SparkSession spark, SessionContext context, Optional<FileLoader> loader, CopyInto copy) {
    this.spark = spark;
    this.context = context;
    this.loader = loader;
    this.copy = copy;
  }

  /** Of the result: counts, or the rows that were looked at, for which the files are. */
  public StructType columns() {
    return copy.validates() ? fitting(target(), chosen(target(), found())).schema() : COUNTS;
  }

  /**
   * @throws TarnException PERMISSION_DENIED without MODIFY and SELECT on the table, or the right to
   *     read the files; if columns do not fit, or others write to the table without an end
   */
  public List<Row> run() {
    for (int attempt = 1; ; attempt++) {
      try {
        return copy.validates() ? validated() : loaded();
      } catch (ConcurrentModificationException e) {
        if (attempt == ATTEMPTS) {
          throw new TarnException(
              ErrorCode.RESOURCE_CONFLICT,
              "40001",
              "[COPY_INTO_NON_BLIND_APPEND_NOT_ALLOWED] Nothing was loaded into '"
                  + copy.target()
                  + "': others changed it at the same time, "
                  + ATTEMPTS
                  + " times. Try again.",
              e);
        }
      }
    }
  }

  private DeltaTableV2 target() {
    context.grants().requireTable(context.principal(), Privilege.SELECT, copy.target());
    if (spark.sessionState().catalogManager().catalog(copy.target().catalog())
            instanceof TarnCatalog catalog
        && catalog.loadTable(identifier(), Set.of(TableWritePrivilege.INSERT))
            instanceof DeltaTableV2 table) {
      return table;
    }
    throw TarnException.invalid(
        "'" + copy.target() + "' is no Delta table, and COPY INTO loads into no other.");
  }

  private Identifier identifier() {
    return Identifier.of(new String[] {copy.target().schema()}, copy.target().name());
  }

  private FileLoader.Found found() {
    Map<String, String> options = new HashMap<>(copy.formatOptions());
    if (copy.validates() && LENIENT.contains(copy.format().toLowerCase(Locale.ROOT))) {
      options.putIfAbsent("mode", "FAILFAST");
    }
    FileLoader.Found found =
        loader
            .orElseThrow(() -> TarnException.invalid("This engine reads no files."))
            .find(
                new FileLoader.Request(
                    spark,
                    context,
                    copy.path(),
                    copy.format(),
                    copy.files(),
                    copy.pattern(),
                    options));
    if (found.files().isEmpty()) {
      throw new TarnException(
          ErrorCode.RESOURCE_DOES_NOT_EXIST,
          "42KD9",
          "[COPY_INTO_SOURCE_SCHEMA_INFERENCE_FAILED] There are no such files in '"
              + copy.path()
              + "'. Put some there, or change FILES, PATTERN or the options that choose them.",
          null);
    }
    return found;
  }

  /** What is to be loaded; for a look at rows all that is there, if nothing is new. */
  private Chosen chosen(DeltaTableV2 table, FileLoader.Found found) {
    Set<String> files =
        copy.force()
            ? new HashSet<>(found.files())
            : LoadedFiles.notIn(table.initialSnapshot(), found.files());
    return new Chosen(
        files,
        files.isEmpty() && copy.validates()
            ? Optional.of(found.read(new HashSet<>(found.files())))
            : files.isEmpty() ? Optional.empty() : Optional.of(found.read(files)));
  }

  private record Chosen(Set<String> files, Optional<LogicalPlan> rows) {}

  private Dataset<Row> fitting(DeltaTableV2 table, Chosen chosen) {
    LogicalPlan selected =
        Dataset.ofRows(spark, selected(chosen.rows().orElseThrow())).queryExecution().analyzed();
    return Dataset.ofRows(
        spark, new MatchedColumns(spark, copy, table.initialSnapshot()).of(selected));
  }

  private LogicalPlan selected(LogicalPlan rows) {
    if (copy.select().isEmpty()) {
      return rows;
    }
    String files = "files_" + UUID.randomUUID().toString().replace('-', '_');
    try {
      return spark
          .sessionState()
          .sqlParser()
          .parsePlan("SELECT " + copy.select().get() + "\nFROM " + files)
          .transformUp(
              new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
                @Override
                public boolean isDefinedAt(LogicalPlan node) {
                  return node instanceof UnresolvedRelation relation
                      && relation.multipartIdentifier().size() == 1
                      && relation.multipartIdentifier().head().equals(files);
                }

                @Override
                public LogicalPlan apply(LogicalPlan node) {
                  return rows;
                }
              });
    } catch (ParseException e) {
      throw new TarnException(
          ErrorCode.BAD_REQUEST,
          "42601",
          "[PARSE_SYNTAX_ERROR] The expressions that are selected from the files cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  private List<Row> loaded() {
    DeltaTableV2 table = target();
    Chosen chosen = chosen(table, found());
    if (chosen.files().isEmpty()) {
      return List.of(RowFactory.create(0L, 0L, 0L));
    }
    Dataset<Row> rows = fitting(table, chosen);
    long inserted =
        (Long)
            table
                .deltaLog()
                .<Object>withNewTransaction(
                    table.catalogTable(),
                    Option.apply(table.initialSnapshot()),
                    transaction -> committed(table, transaction, chosen.files(), rows));
    follow(table);
    LogicalPlan plan = rows.queryExecution().analyzed();
    context
        .lineage()
        .note(
            () -> PlanLineage.into(copy.target(), plan),
            context.principal().name(),
            spark.sparkContext().getLocalProperty("spark.jobGroup.id"),
            null);
    return List.of(RowFactory.create(inserted, inserted, 0L));
  }

  /** Returns how many rows were written. */
  private long committed(
      DeltaTableV2 table, OptimisticTransaction transaction, Set<String> files, Dataset<Row> rows) {
    if (!copy.force() && !LoadedFiles.claim(transaction, files)) {
      throw new ConcurrentModificationException("Files were loaded by another.");
    }
    List<Action> actions = new ArrayList<>(written(table, transaction, rows));
    actions.addAll(LoadedFiles.marks(table.initialSnapshot(), files));
    transaction.commit(
        CollectionConverters.asScala(actions).toSeq(), new CopyOperation(files.size()));
    return transaction.getMetric("numOutputRows").get().value();
  }

  private List<Action> written(
      DeltaTableV2 table, OptimisticTransaction transaction, Dataset<Row> rows) {
    WriteIntoDelta write =
        new WriteIntoDelta(
            table.deltaLog(),
            SaveMode.Append,
            new DeltaOptions(
                map(Map.of("mergeSchema", Boolean.toString(copy.mergeSchema()))),
                spark.sessionState().conf()),
            CollectionConverters.asScala(List.<String>of()).toSeq(),
            map(Map.of()),
            rows,
            table.catalogTable(),
            Option.empty(),
            false);
    return CollectionConverters.asJava(write.write(transaction, spark, Option.empty(), false));
  }

  private static scala.collection.immutable.Map<String, String> map(Map<String, String> map) {
    return scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(map));
  }

  /** What the catalog shows of columns is a copy of what the log says. */
  private void follow(DeltaTableV2 before) {
    StructType columns = CatalogV2Util.v2ColumnsToStructType(target().columns());
    if (!columns.equals(CatalogV2Util.v2ColumnsToStructType(before.columns()))) {
      context
          .tables()
          .update(
              context.principal(),
              copy.target(),
              new TableChange(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(RegisteredTable.columns(columns)),
                  Optional.empty()));
    }
  }

  /** Everything is done but the commit, so that all holds for the rows that would hold for them. */
  private List<Row> validated() {
    DeltaTableV2 table = target();
    Dataset<Row> all = fitting(table, chosen(table, found()));
    Dataset<Row> rows =
        copy.validatedRows().isPresent() ? all.limit(copy.validatedRows().getAsInt()) : all;
    table
        .deltaLog()
        .<Object>withNewTransaction(
            table.catalogTable(),
            Option.apply(table.initialSnapshot()),
            transaction -> {
              discard(table, written(table, transaction, rows));
              return null;
            });
    return rows.limit(SHOWN_ROWS).collectAsList();
  }

  private void discard(DeltaTableV2 table, List<Action> written) {
    for (Action action : written) {
      if (action instanceof AddFile file) {
        Path path = file.absolutePath(table.deltaLog());
        try {
          path.getFileSystem(table.deltaLog().newDeltaHadoopConf()).delete(path, false);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
