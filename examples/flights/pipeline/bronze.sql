-- Bronze: everything as it arrived, with where it came from and when. Nothing is dropped here: what
-- cannot be parsed is kept, whole, in _rescued_data.

CREATE OR REFRESH STREAMING TABLE flights_raw
COMMENT 'Flight events from topic flights, one row per event'
AS SELECT
  event.id,
  event.departed_at,
  event.origin,
  event.destination,
  event.distance_miles,
  event.delay_minutes,
  -- An empty event parses to no row at all; it is kept too.
  CASE WHEN event IS NULL THEN coalesce(value, '') ELSE event._rescued_data END AS _rescued_data,
  topic,
  partition,
  `offset`,
  timestamp AS sent_at,
  current_timestamp() AS ingested_at
FROM (
  SELECT
    from_json(
      CAST(value AS STRING),
      'id BIGINT, departed_at TIMESTAMP_NTZ, origin STRING, destination STRING,
       distance_miles INT, delay_minutes INT, _rescued_data STRING',
      map('mode', 'PERMISSIVE', 'columnNameOfCorruptRecord', '_rescued_data')) AS event,
    CAST(value AS STRING) AS value,
    topic,
    partition,
    `offset`,
    timestamp
  FROM STREAM read_kafka(
    bootstrapServers => '${kafka.bootstrap}',
    subscribe => 'flights',
    startingOffsets => 'earliest')
);

CREATE OR REFRESH STREAMING TABLE airports_raw
COMMENT 'Airports of the United States, as the files say'
AS SELECT
  iata,
  name,
  city,
  state,
  country,
  latitude,
  longitude,
  _rescued_data,
  _metadata.file_path AS source_file,
  current_timestamp() AS ingested_at
FROM STREAM read_files(
  '/Volumes/main/flights/landing/airports/',
  format => 'csv',
  header => true,
  escape => '"',
  schema => 'iata STRING, name STRING, city STRING, state STRING, country STRING, latitude STRING, longitude STRING',
  rescuedDataColumn => '_rescued_data');

CREATE OR REFRESH STREAMING TABLE bird_strikes_raw
COMMENT 'Wildlife strikes reported to the Federal Aviation Administration, as the files say'
AS SELECT
  `Airport Name` AS airport_name,
  `Aircraft Make Model` AS aircraft,
  `Effect Amount of damage` AS damage,
  `Flight Date` AS flight_date,
  `Aircraft Airline Operator` AS operator,
  `Origin State` AS state,
  `Phase of flight` AS phase_of_flight,
  `Wildlife Size` AS wildlife_size,
  `Wildlife Species` AS species,
  `Time of day` AS time_of_day,
  `Cost Total $` AS cost_usd,
  `Speed IAS in knots` AS speed_knots,
  _rescued_data,
  _metadata.file_path AS source_file,
  current_timestamp() AS ingested_at
FROM STREAM read_files(
  '/Volumes/main/flights/landing/birdstrikes/',
  format => 'csv',
  header => true,
  schema => '`Airport Name` STRING, `Aircraft Make Model` STRING, `Effect Amount of damage` STRING, `Flight Date` STRING, `Aircraft Airline Operator` STRING, `Origin State` STRING, `Phase of flight` STRING, `Wildlife Size` STRING, `Wildlife Species` STRING, `Time of day` STRING, `Cost Other` STRING, `Cost Repair` STRING, `Cost Total $` STRING, `Speed IAS in knots` STRING',
  rescuedDataColumn => '_rescued_data');

-- Not the weather of 2001: climate normals, the usual weather of each hour of the year in Seattle.
CREATE OR REFRESH STREAMING TABLE weather_normals_raw
COMMENT 'Hourly climate normals 1981-2010 of Seattle, as the files say; the year in date means nothing'
AS SELECT
  date,
  pressure,
  temperature,
  wind,
  _rescued_data,
  _metadata.file_path AS source_file,
  current_timestamp() AS ingested_at
FROM STREAM read_files(
  '/Volumes/main/flights/landing/weather/',
  format => 'csv',
  header => true,
  schema => 'date STRING, pressure STRING, temperature STRING, wind STRING',
  rescuedDataColumn => '_rescued_data');
