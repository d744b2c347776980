package dev.tarn.store.samples;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;

/**
 * {@code samples.tpch}: the eight tables of TPC-H, with the columns that Databricks' have.
 *
 * @see <a href="https://www.tpc.org/tpch/">TPC-H</a>
 */
final class TpchTables {
  static final String SCHEMA = "tpch";

  /** Of the benchmark's scale 1: 60,000 line items, so that the first query waits a second. */
  private static final double SCALE = 0.01;

  private TpchTables() {}

  static List<SampleTable> all() {
    return List.of(
        table(
            "customer",
            "c_custkey bigint, c_name string, c_address string, c_nationkey bigint, c_phone string,"
                + " c_acctbal decimal, c_mktsegment string, c_comment string"),
        table(
            "lineitem",
            "l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber int, l_quantity"
                + " decimal, l_extendedprice decimal, l_discount decimal, l_tax decimal,"
                + " l_returnflag string, l_linestatus string, l_shipdate date, l_commitdate date,"
                + " l_receiptdate date, l_shipinstruct string, l_shipmode string, l_comment"
                + " string"),
        table("nation", "n_nationkey bigint, n_name string, n_regionkey bigint, n_comment string"),
        table(
            "orders",
            "o_orderkey bigint, o_custkey bigint, o_orderstatus string, o_totalprice decimal,"
                + " o_orderdate date, o_orderpriority string, o_clerk string, o_shippriority int,"
                + " o_comment string"),
        table(
            "part",
            "p_partkey bigint, p_name string, p_mfgr string, p_brand string, p_type string, p_size"
                + " int, p_container string, p_retailprice decimal, p_comment string"),
        table(
            "partsupp",
            "ps_partkey bigint, ps_suppkey bigint, ps_availqty int, ps_supplycost decimal,"
                + " ps_comment string"),
        table("region", "r_regionkey bigint, r_name string, r_comment string"),
        table(
            "supplier",
            "s_suppkey bigint, s_name string, s_address string, s_nationkey bigint, s_phone string,"
                + " s_acctbal decimal, s_comment string"));
  }

  private static SampleTable table(String name, String columns) {
    List<SampleTable.Column> typed = SampleTable.columns(columns);
    return new SampleTable(
        SCHEMA,
        name,
        "Table '"
            + name
            + "' of TPC-H at scale factor "
            + SCALE
            + ", generated when it is first"
            + " read",
        typed,
        () -> rows(name, typed));
  }

  private static Iterator<Object[]> rows(String name, List<SampleTable.Column> columns) {
    Iterator<? extends TpchEntity> entities =
        TpchTable.getTable(name).createGenerator(SCALE, 1, 1).iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entities.hasNext();
      }

      @Override
      public Object[] next() {
        String[] texts = entities.next().toLine().split("\\|", -1);
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = value(columns.get(i).type(), texts[i]);
        }
        return values;
      }
    };
  }

  private static Object value(SampleTable.Type type, String text) {
    return switch (type) {
      case BIGINT -> Long.valueOf(text);
      case INT -> Integer.valueOf(text);
      case DECIMAL -> new BigDecimal(text).setScale(2);
      case DATE -> (int) LocalDate.parse(text).toEpochDay();
      default -> text;
    };
  }
}
