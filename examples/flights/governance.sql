-- Who sees what: for analysts who may see the airports of their region only, and the bird-strike
-- reports without the airline. Run it as the owner of the tables, once they are there, and grant
-- SELECT on the two views, and nothing on the tables: a view reads with its owner's rights.

CREATE OR REPLACE FUNCTION main.flights.sees_state(state STRING)
RETURNS BOOLEAN
COMMENT 'Whether the reader is of the region that an airport lies in'
RETURN is_account_group_member('all-regions')
  OR (is_account_group_member('west-region') AND coalesce(state IN ('AK', 'CA', 'HI', 'NV', 'OR', 'WA'), false));

CREATE OR REPLACE FUNCTION main.flights.masked_operator(operator STRING)
RETURNS STRING
COMMENT 'The airline of a report, for those who investigate; for all others one word'
RETURN CASE WHEN is_account_group_member('investigators') THEN operator ELSE 'AIRLINE' END;

CREATE OR REPLACE VIEW main.flights.regional_departures
COMMENT 'Flights from the airports of the reader''s region'
AS SELECT f.id, f.departed_at, f.origin, a.name AS airport_name, a.state, f.destination, f.delay_minutes
FROM main.flights.flights f
JOIN main.flights.airports a ON a.iata = f.origin
WHERE main.flights.sees_state(a.state);

CREATE OR REPLACE VIEW main.flights.bird_strike_reports
COMMENT 'Bird strikes, the airline for investigators only'
AS SELECT * EXCEPT (operator), main.flights.masked_operator(operator) AS operator
FROM main.flights.bird_strikes;
