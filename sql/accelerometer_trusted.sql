-- accelerometer_trusted: the accelerometer readings of people who consent.
-- Reads accelerometer_landing, customer_trusted, params.

WITH people AS (
    -- One row a person, so that the join multiplies no reading: a semi-join.
    SELECT c.email, MIN(c.sharewithresearchasofdate) AS since
    FROM customer_trusted c
    GROUP BY c.email
),
trusted AS (
    SELECT a.user, a.timestamp, a.x, a.y, a.z
    FROM accelerometer_landing a
    JOIN people ON people.email = a.user
    CROSS JOIN params p
    WHERE p.consent = 'ever' OR a.timestamp >= people.since
),
kept AS (
    SELECT t.user, t.timestamp, t.x, t.y, t.z
    FROM trusted t
    CROSS JOIN params p
    WHERE p.duplicates = 'keep'

    UNION ALL

    -- Adding zero makes 0.0 of -0.0, which some engines tell apart.
    SELECT DISTINCT t.user, t.timestamp, t.x + 0.0 AS x, t.y + 0.0 AS y, t.z + 0.0 AS z
    FROM trusted t
    CROSS JOIN params p
    WHERE p.duplicates <> 'keep'
)
SELECT k.user, k.timestamp, k.x, k.y, k.z
FROM kept k
