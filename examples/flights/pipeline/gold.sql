-- Gold: answers. A flight is on time when it arrives less than 15 minutes late, as the US Department
-- of Transportation counts. Percentages and averages are decimals, rounded half up once, so that the
-- same flights give the same digits everywhere.

CREATE OR REFRESH MATERIALIZED VIEW on_time_by_airport_and_hour
COMMENT 'How punctual flights are, by airport and local hour of departure'
AS SELECT
  f.origin AS airport,
  a.name AS airport_name,
  a.city,
  a.state,
  f.departure_hour,
  count(*) AS flights,
  count_if(f.delay_minutes < 15) AS on_time_flights,
  CAST(CAST(100 * count_if(f.delay_minutes < 15) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(4, 1)) AS on_time_percent,
  CAST(CAST(sum(f.delay_minutes) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(7, 1)) AS average_delay_minutes
FROM flights f
LEFT JOIN airports a ON a.iata = f.origin
GROUP BY f.origin, a.name, a.city, a.state, f.departure_hour;

CREATE OR REFRESH MATERIALIZED VIEW on_time_by_hour
COMMENT 'How punctual flights are by local hour of departure, over all airports'
AS SELECT
  departure_hour,
  count(*) AS flights,
  CAST(CAST(100 * count_if(delay_minutes < 15) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(4, 1)) AS on_time_percent,
  CAST(CAST(sum(delay_minutes) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(7, 1)) AS average_delay_minutes
FROM flights
GROUP BY departure_hour;

CREATE OR REFRESH MATERIALIZED VIEW busiest_airports
COMMENT 'Airports by departures and arrivals together, with the punctuality of what departs'
AS SELECT
  rank() OVER (ORDER BY sum(m.departures + m.arrivals) DESC) AS rank,
  m.airport,
  a.name AS airport_name,
  a.city,
  a.state,
  sum(m.departures + m.arrivals) AS flights,
  sum(m.departures) AS departures,
  sum(m.arrivals) AS arrivals,
  CAST(CAST(100 * sum(m.on_time) AS DECIMAL(20, 0)) / nullif(sum(m.departures), 0) AS DECIMAL(4, 1)) AS departures_on_time_percent
FROM (
  SELECT origin AS airport, 1 AS departures, 0 AS arrivals, CASE WHEN delay_minutes < 15 THEN 1 ELSE 0 END AS on_time
  FROM flights
  UNION ALL
  SELECT destination, 0, 1, 0
  FROM flights
) m
LEFT JOIN airports a ON a.iata = m.airport
GROUP BY m.airport, a.name, a.city, a.state;

CREATE OR REFRESH MATERIALIZED VIEW worst_routes
COMMENT 'The 100 routes with the largest share of late arrivals, among those flown at least 30 times'
AS SELECT *
FROM (
  SELECT
    row_number() OVER (ORDER BY late_percent DESC, flights DESC, origin, destination) AS rank,
    r.*
  FROM (
    SELECT
      f.origin,
      o.city AS origin_city,
      f.destination,
      d.city AS destination_city,
      count(*) AS flights,
      count_if(f.delay_minutes >= 15) AS late_flights,
      CAST(CAST(100 * count_if(f.delay_minutes >= 15) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(4, 1)) AS late_percent,
      CAST(CAST(sum(f.delay_minutes) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(7, 1)) AS average_delay_minutes,
      max(f.delay_minutes) AS worst_delay_minutes
    FROM flights f
    LEFT JOIN airports o ON o.iata = f.origin
    LEFT JOIN airports d ON d.iata = f.destination
    GROUP BY f.origin, o.city, f.destination, d.city
    HAVING count(*) >= 30
  ) r
)
WHERE rank <= 100;

-- The usual weather, not that of the day: no file here has the weather of 2001. So this shows how
-- delays follow season and hour, as far as temperature and wind usually do.
CREATE OR REFRESH MATERIALIZED VIEW seattle_delays_by_usual_weather
COMMENT 'Delays of flights from Seattle against the usual (1981-2010) temperature and wind of that hour'
AS SELECT
  CAST(floor(w.temperature_celsius / 5) * 5 AS INT) AS celsius_from,
  CAST(floor(w.wind_metres_per_second) AS INT) AS wind_metres_per_second_from,
  count(*) AS flights,
  CAST(CAST(100 * count_if(f.delay_minutes < 15) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(4, 1)) AS on_time_percent,
  CAST(CAST(sum(f.delay_minutes) AS DECIMAL(20, 0)) / count(*) AS DECIMAL(7, 1)) AS average_delay_minutes
FROM flights f
JOIN weather_normals w
  ON w.month = month(f.departure_date) AND w.day = day(f.departure_date) AND w.hour = f.departure_hour
WHERE f.origin = 'SEA'
GROUP BY 1, 2;

CREATE OR REFRESH MATERIALIZED VIEW bird_strikes_by_phase
COMMENT 'When in a flight birds are struck, and what it costs'
AS SELECT
  phase_of_flight,
  count(*) AS strikes,
  count_if(damage <> 'None') AS damaging_strikes,
  CAST(CAST(100 * count_if(damage <> 'None') AS DECIMAL(20, 0)) / count(*) AS DECIMAL(4, 1)) AS damaging_percent,
  sum(cost_usd) AS cost_usd
FROM bird_strikes
GROUP BY phase_of_flight;

CREATE OR REFRESH MATERIALIZED VIEW bird_strikes_by_airport_and_operator
COMMENT 'Strikes and their cost by airport, as the reports spell it, and operator'
AS SELECT
  airport_name,
  state,
  operator,
  count(*) AS strikes,
  count_if(damage <> 'None') AS damaging_strikes,
  sum(cost_usd) AS cost_usd
FROM bird_strikes
GROUP BY airport_name, state, operator;
