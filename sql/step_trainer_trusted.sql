-- step_trainer_trusted: the step readings of customer_curated's devices.
-- Reads step_trainer_landing, customer_landing, other_bearers, customer_curated, params.

WITH devices AS (
    -- One row a device, so that the join multiplies no reading: a semi-join.
    SELECT c.serialnumber, MIN(c.sharewithresearchasofdate) AS since
    FROM customer_curated c
    GROUP BY c.serialnumber
),
carried AS (
    SELECT c.serialnumber, c.email FROM customer_landing c
    UNION ALL
    SELECT o.serialnumber, o.email FROM other_bearers o
),
bearers AS (
    -- How many people carry a serial number, whether they consent or not.
    SELECT c.serialnumber, COUNT(DISTINCT c.email) AS emails
    FROM carried c
    GROUP BY c.serialnumber
),
trusted AS (
    SELECT s.sensorreadingtime, s.serialnumber, s.distancefromobject
    FROM step_trainer_landing s
    JOIN devices ON devices.serialnumber = s.serialnumber
    JOIN bearers ON bearers.serialnumber = s.serialnumber
    CROSS JOIN params p
    WHERE (p.consent = 'ever' OR p.consent = 'as-of-phone' OR s.sensorreadingtime >= devices.since)
        AND (p.shared_serials = 'keep' OR bearers.emails = 1)
),
kept AS (
    SELECT t.* FROM trusted t CROSS JOIN params p WHERE p.duplicates = 'keep'
    UNION ALL
    SELECT DISTINCT t.* FROM trusted t CROSS JOIN params p WHERE p.duplicates <> 'keep'
)
SELECT k.sensorreadingtime, k.serialnumber, k.distancefromobject
FROM kept k
