package dev.tarn.testkit.tpc;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * TPC-H: 8 tables, 22 queries with the validation run's parameters.
 *
 * @see <a href="https://www.tpc.org/tpch/">TPC-H</a>
 */
public final class Tpch implements TpcBenchmark {
  private static final List<TpcTable> TABLES =
      List.of(
          TpcTable.of("region", "r_regionkey bigint, r_name char(25), r_comment varchar(152)"),
          TpcTable.of(
              "nation",
              "n_nationkey bigint, n_name char(25), n_regionkey bigint, n_comment varchar(152)"),
          TpcTable.of(
              "supplier",
              "s_suppkey bigint, s_name char(25), s_address varchar(40), s_nationkey bigint,"
                  + " s_phone char(15), s_acctbal decimal(15,2), s_comment varchar(101)"),
          TpcTable.of(
              "customer",
              "c_custkey bigint, c_name varchar(25), c_address varchar(40), c_nationkey bigint,"
                  + " c_phone char(15), c_acctbal decimal(15,2), c_mktsegment char(10), c_comment"
                  + " varchar(117)"),
          TpcTable.of(
              "part",
              "p_partkey bigint, p_name varchar(55), p_mfgr char(25), p_brand char(10), p_type"
                  + " varchar(25), p_size int, p_container char(10), p_retailprice decimal(15,2),"
                  + " p_comment varchar(23)"),
          TpcTable.of(
              "partsupp",
              "ps_partkey bigint, ps_suppkey bigint, ps_availqty int, ps_supplycost decimal(15,2),"
                  + " ps_comment varchar(199)"),
          TpcTable.of(
              "orders",
              "o_orderkey bigint, o_custkey bigint, o_orderstatus char(1), o_totalprice"
                  + " decimal(15,2), o_orderdate date, o_orderpriority char(15), o_clerk char(15),"
                  + " o_shippriority int, o_comment varchar(79)"),
          TpcTable.of(
              "lineitem",
              "l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber int, l_quantity"
                  + " decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax"
                  + " decimal(15,2), l_returnflag char(1), l_linestatus char(1), l_shipdate date,"
                  + " l_commitdate date, l_receiptdate date, l_shipinstruct char(25), l_shipmode"
                  + " char(10), l_comment varchar(44)"));

  @Override
  public String name() {
    return "tpch";
  }

  @Override
  public List<TpcTable> tables() {
    return TABLES;
  }

  @Override
  public List<TpcQuery> queries() {
    return IntStream.rangeClosed(1, 22)
        .mapToObj(number -> TpcQuery.read(name(), String.format("q%02d", number)))
        .toList();
  }

  @Override
  public void write(double scale, Path folder) throws IOException {
    for (TpcTable table : TABLES) {
      try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(table.name() + ".csv"))) {
        for (TpchEntity row : TpchTable.getTable(table.name()).createGenerator(scale, 1, 1)) {
          String line = row.toLine();
          out.append(line, 0, line.length() - 1).append('\n');
        }
      }
    }
  }
}
