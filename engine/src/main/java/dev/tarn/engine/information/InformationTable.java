package dev.tarn.engine.information;

import dev.tarn.engine.session.SessionContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A relation whose rows are read from the catalog when a query runs, without a Spark job. */
final class InformationTable implements Table, SupportsRead {
  private final SessionContext context;
  private final Optional<String> catalog;
  private final Relation relation;

  InformationTable(SessionContext context, Optional<String> catalog, Relation relation) {
    this.context = context;
    this.catalog = catalog;
    this.relation = relation;
  }

  @Override
  public String name() {
    return catalog.orElse("system") + '.' + InformationSchema.NAME + '.' + relation.title();
  }

  @Override
  public Column[] columns() {
    return Arrays.stream(relation.schema().fields())
        .map((StructField f) -> Column.create(f.name(), f.dataType(), f.nullable()))
        .toArray(Column[]::new);
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new Builder();
  }

  /** Takes what names are asked for as a hint; Spark still filters. */
  private final class Builder
      implements ScanBuilder, SupportsPushDownFilters, SupportsPushDownRequiredColumns {
    private final Wanted wanted = new Wanted();
    private StructType columns = relation.schema();

    @Override
    public Filter[] pushFilters(Filter[] filters) {
      for (Filter filter : filters) {
        if (filter instanceof EqualTo equal && equal.value() instanceof String text) {
          wanted.only(equal.attribute(), List.of(text));
        } else if (filter instanceof In in
            && Arrays.stream(in.values()).allMatch(String.class::isInstance)) {
          wanted.only(in.attribute(), Arrays.stream(in.values()).map(String.class::cast).toList());
        }
      }
      return filters;
    }

    @Override
    public Filter[] pushedFilters() {
      return new Filter[0];
    }

    @Override
    public void pruneColumns(StructType required) {
      columns = required;
    }

    @Override
    public Scan build() {
      return new LocalScan() {
        @Override
        public StructType readSchema() {
          return columns;
        }

        @Override
        public InternalRow[] rows() {
          InternalRows rows = new InternalRows(relation.schema(), columns);
          new InformationRows(context, catalog, wanted, rows).of(relation);
          return rows.all();
        }
      };
    }
  }
}
