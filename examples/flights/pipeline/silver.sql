-- Silver: typed, checked, one meaning per column. Expectations say what a good row is; each update
-- reports how many rows passed and how many failed.

CREATE OR REFRESH STREAMING TABLE flights (
  CONSTRAINT complete EXPECT (
    id IS NOT NULL AND departed_at IS NOT NULL AND origin IS NOT NULL AND destination IS NOT NULL
    AND distance_miles IS NOT NULL AND delay_minutes IS NOT NULL
  ) ON VIOLATION DROP ROW,
  -- Nobody arrives more than an hour early: one "flight" arrived 16 hours before its time.
  CONSTRAINT plausible_delay EXPECT (coalesce(delay_minutes, 0) >= -60) ON VIOLATION DROP ROW,
  -- Rare but real, so it only warns.
  CONSTRAINT within_twelve_hours EXPECT (coalesce(delay_minutes, 0) <= 720)
)
COMMENT 'Flights that arrived; times are local at the origin, delays are on arrival'
AS SELECT
  id,
  departed_at,
  CAST(departed_at AS DATE) AS departure_date,
  hour(departed_at) AS departure_hour,
  origin,
  destination,
  distance_miles,
  delay_minutes
FROM STREAM(flights_raw);

CREATE OR REFRESH STREAMING TABLE flights_rescued
COMMENT 'Events that could not be parsed, with where to find them in the topic'
AS SELECT
  topic,
  partition,
  `offset`,
  _rescued_data AS event,
  ingested_at
FROM STREAM(flights_raw)
WHERE _rescued_data IS NOT NULL;

CREATE OR REFRESH STREAMING TABLE airports (
  CONSTRAINT has_code EXPECT (iata IS NOT NULL) ON VIOLATION FAIL UPDATE,
  CONSTRAINT in_the_usa EXPECT (country = 'USA') ON VIOLATION DROP ROW,
  CONSTRAINT has_state EXPECT (state IS NOT NULL)
)
COMMENT 'Airports of the United States by IATA code'
AS SELECT
  iata,
  name,
  nullif(city, 'NA') AS city,
  nullif(state, 'NA') AS state,
  country,
  CAST(latitude AS DECIMAL(10, 6)) AS latitude,
  CAST(longitude AS DECIMAL(10, 6)) AS longitude
FROM STREAM(airports_raw);

CREATE OR REFRESH STREAMING TABLE bird_strikes (
  CONSTRAINT has_date EXPECT (flight_date IS NOT NULL) ON VIOLATION DROP ROW,
  -- A few reports carry the codes B and C, which nobody explains.
  CONSTRAINT known_damage EXPECT (damage IN ('None', 'Minor', 'Medium', 'Substantial')),
  CONSTRAINT has_speed EXPECT (speed_knots IS NOT NULL)
)
COMMENT 'Wildlife strikes reported to the Federal Aviation Administration, 1990 to 2002'
AS SELECT
  airport_name,
  state,
  try_cast(flight_date AS DATE) AS flight_date,
  rtrim('*', operator) AS operator,
  aircraft,
  phase_of_flight,
  time_of_day,
  species,
  wildlife_size,
  damage,
  try_cast(cost_usd AS BIGINT) AS cost_usd,
  try_cast(speed_knots AS INT) AS speed_knots
FROM STREAM(bird_strikes_raw);

CREATE OR REFRESH STREAMING TABLE weather_normals (
  CONSTRAINT complete EXPECT (
    month IS NOT NULL AND day IS NOT NULL AND hour IS NOT NULL
    AND temperature_celsius IS NOT NULL AND wind_metres_per_second IS NOT NULL
  ) ON VIOLATION DROP ROW
)
COMMENT 'The usual weather of each hour of the year in Seattle: means of 1981 to 2010'
AS SELECT
  month(try_cast(date AS TIMESTAMP_NTZ)) AS month,
  day(try_cast(date AS TIMESTAMP_NTZ)) AS day,
  hour(try_cast(date AS TIMESTAMP_NTZ)) AS hour,
  try_cast(temperature AS DECIMAL(5, 1)) AS temperature_celsius,
  try_cast(wind AS DECIMAL(5, 1)) AS wind_metres_per_second,
  try_cast(pressure AS DECIMAL(6, 1)) AS pressure_hectopascal
FROM STREAM(weather_normals_raw);
