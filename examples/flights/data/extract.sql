-- Makes flights.parquet, the vendored extract, from flights-3m.parquet of npm's vega-datasets 3.2.1.
-- Run in the folder that holds flights-3m.parquet, with any client of DuckDB 2.0:
--   npm pack vega-datasets@3.2.1 && tar xzf vega-datasets-3.2.1.tgz && cd package/data
--   duckdb < extract.sql
--
-- Every flight of every 13th day from 1 January to 19 June 2001: 14 whole days, each day of the week
-- twice, winter to summer. One thread and a total order give the same bytes every time.
SET threads = 1;
COPY (
  SELECT date, CAST(delay AS SMALLINT) AS delay, CAST(distance AS SMALLINT) AS distance, origin, destination
  FROM 'flights-3m.parquet'
  WHERE date_diff('day', DATE '2001-01-01', CAST(date AS DATE)) % 13 = 0
  ORDER BY date, origin, destination, distance, delay
) TO 'flights.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 300000);
