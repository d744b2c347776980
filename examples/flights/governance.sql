-- Who sees what: analysts see the airports of their region only, and bird strikes without the airline.
-- Run it as the owner of the tables, once they are there, and grant SELECT on them. A row filter and a
-- mask hold for everybody, the owner too: put whoever runs the pipeline into the groups all-regions and
-- investigators, whom they spare.

CREATE OR REPLACE FUNCTION main.flights.sees_state(state STRING)
RETURNS BOOLEAN
COMMENT 'Whether the reader is of the region that an airport lies in'
RETURN is_account_group_member('all-regions')
  OR (is_account_group_member('west-region') AND coalesce(state IN ('AK', 'CA', 'HI', 'NV', 'OR', 'WA'), false));

CREATE OR REPLACE FUNCTION main.flights.masked_operator(operator STRING)
RETURNS STRING
COMMENT 'The airline of a report, for those who investigate; for all others one word'
RETURN CASE WHEN is_account_group_member('investigators') THEN operator ELSE 'AIRLINE' END;

ALTER TABLE main.flights.airports SET ROW FILTER main.flights.sees_state ON (state);

ALTER TABLE main.flights.bird_strikes ALTER COLUMN operator SET MASK main.flights.masked_operator;

-- The view reads the flights with its owner's rights; which airports it shows depends on its reader.
CREATE OR REPLACE VIEW main.flights.regional_departures
COMMENT 'Flights from the airports of the reader''s region'
AS SELECT f.id, f.departed_at, f.origin, a.name AS airport_name, a.state, f.destination, f.delay_minutes
FROM main.flights.flights f
JOIN main.flights.airports a ON a.iata = f.origin;
