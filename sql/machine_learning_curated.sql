-- machine_learning_curated: each pair of a step reading and an accelerometer
-- reading of the same owner at the same time.
-- Reads step_trainer_trusted, accelerometer_trusted, customer_curated, pseudonyms, time_offsets, params.

WITH owners AS (
    -- A person and a device once, however many customer records name the two.
    SELECT DISTINCT
        c.email, c.serialnumber,
        MIN(c.sharewithresearchasofdate) OVER (PARTITION BY c.email, c.serialnumber) AS since
    FROM customer_curated c
),
pairs AS (
    SELECT a.user AS email, s.serialnumber, s.sensorreadingtime, s.distancefromobject, a.x, a.y, a.z
    FROM owners o
    JOIN accelerometer_trusted a ON a.user = o.email
    JOIN step_trainer_trusted s ON s.serialnumber = o.serialnumber AND s.sensorreadingtime = a.timestamp
    CROSS JOIN params p
    WHERE p.consent = 'ever' OR p.consent = 'as-of-phone' OR a.timestamp >= o.since

    UNION ALL

    -- The original course's join by time alone: readings of two different people.
    SELECT a.user AS email, s.serialnumber, s.sensorreadingtime, s.distancefromobject, a.x, a.y, a.z
    FROM accelerometer_trusted a
    JOIN step_trainer_trusted s ON s.sensorreadingtime = a.timestamp
    LEFT JOIN owners o ON o.email = a.user AND o.serialnumber = s.serialnumber
    CROSS JOIN params p
    WHERE p.join_by = 'time' AND o.email IS NULL
),
named AS (
    SELECT
        CASE WHEN p.identity = 'serial' THEN pairs.serialnumber ELSE n.subject END AS subject,
        pairs.email, pairs.sensorreadingtime, pairs.distancefromobject, pairs.x, pairs.y, pairs.z
    FROM pairs
    LEFT JOIN pseudonyms n ON n.email = pairs.email
    CROSS JOIN params p
),
released AS (
    SELECT
        named.subject,
        CASE
            WHEN p.times = 'shifted' THEN named.sensorreadingtime - t.milliseconds
            WHEN p.times = 'relative'
            THEN named.sensorreadingtime - MIN(named.sensorreadingtime) OVER (PARTITION BY named.subject)
            ELSE named.sensorreadingtime
        END AS sensorreadingtime,
        named.distancefromobject, named.x, named.y, named.z,
        -- Times of a subject move together, so those that are one stay one.
        ROW_NUMBER() OVER (
            PARTITION BY named.subject, named.sensorreadingtime
            ORDER BY
                named.distancefromobject NULLS FIRST,
                named.x NULLS FIRST, named.y NULLS FIRST, named.z NULLS FIRST
        ) AS place
    FROM named
    LEFT JOIN time_offsets t ON t.email = named.email
    CROSS JOIN params p
)
SELECT r.subject, r.sensorreadingtime, r.distancefromobject, r.x, r.y, r.z
FROM released r
CROSS JOIN params p
WHERE p.one_per_instant = 'off' OR r.place = 1
