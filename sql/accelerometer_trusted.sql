-- accelerometer_trusted: the accelerometer readings of people who consent.
-- Reads accelerometer_landing, customer_trusted, params.

WITH people AS (
    -- One row a person, so that the join multiplies no reading: a semi-join.
    SELECT c.email, MIN(c.sharewithresearchasofdate) AS since
    FROM customer_trusted c
    GROUP BY c.email
)
SELECT a.user, a.timestamp, a.x, a.y, a.z
FROM accelerometer_landing a
JOIN people ON people.email = a.user
CROSS JOIN params p
WHERE p.consent = 'ever' OR a.timestamp >= people.since
