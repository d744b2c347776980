package dev.tarn.bench.dashboard;

/** What a dashboard asks of its gold table. */
final class DashboardQueries {
  static final String TABLE = "main.default.gold";

  /** 10,000 rows: sales of a year by day, region and product. */
  static final String CREATE =
      "CREATE TABLE "
          + TABLE
          + " AS SELECT date_add(DATE'2025-01-01', CAST(id % 365 AS INT)) AS day,"
          + " concat('region ', id % 12) AS region, concat('product ', id % 97) AS product,"
          + " CAST(id * 37 % 1000 AS INT) AS orders,"
          + " CAST(id * 7919 % 1000000 AS DECIMAL(12,2)) / 100 AS revenue FROM range(10000)";

  /** Groups of the answer: the regions. */
  static final int ROWS = 12;

  private DashboardQueries() {}

  /**
   * @param least in the filter, which keeps all rows; another number makes another statement
   */
  static String query(String table, long least) {
    return "SELECT region, count(*) AS sales, sum(orders) AS orders, sum(revenue) AS revenue FROM "
        + table
        + " WHERE day >= DATE'2025-01-01' AND orders > -"
        + least
        + " GROUP BY region ORDER BY revenue DESC";
  }
}
