-- customer_trusted: the customer records that consent to research.
-- Reads customer_landing, params, withdrawals, barred.

WITH dated AS (
    SELECT
        c.*,
        -- 1 if it consents. Where dates decide on readings, one in seconds would admit all of them.
        CASE
            WHEN c.sharewithresearchasofdate > 0
                AND (p.consent = 'ever' OR c.sharewithresearchasofdate >= 100000000000)
            THEN 1 ELSE 0
        END AS consents,
        -- Null where it is none.
        CASE WHEN c.lastupdatedate > 0 THEN c.lastupdatedate END AS updated,
        -- Of that date: seconds, milliseconds, microseconds or less.
        CASE
            WHEN c.lastupdatedate <= 0 THEN NULL
            WHEN c.lastupdatedate < 100000000000 THEN 1
            WHEN c.lastupdatedate < 100000000000000 THEN 2
            WHEN c.lastupdatedate < 100000000000000000 THEN 3
            WHEN c.lastupdatedate IS NOT NULL THEN 4
        END AS unit
    FROM customer_landing c
    CROSS JOIN params p
),
records AS (
    SELECT
        d.*,
        -- 1 for the newest records of an email; a record without a date is the oldest.
        RANK() OVER (PARTITION BY d.email ORDER BY d.updated DESC NULLS LAST) AS recency,
        -- 1 if every record of this email and this date consents.
        MIN(d.consents) OVER (PARTITION BY d.email, d.updated) AS all_consent,
        -- 1 if a record of this email has no date and does not consent: it may be the newest.
        MAX(CASE WHEN d.consents = 1 THEN 0 WHEN d.updated IS NULL THEN 1 ELSE 0 END)
            OVER (PARTITION BY d.email) AS undated_refusal,
        -- 1 if a record of this email does not consent: then its dates must be of one unit to be compared.
        MAX(1 - d.consents) OVER (PARTITION BY d.email) AS some_refuse,
        MIN(d.unit) OVER (PARTITION BY d.email) AS least_unit,
        MAX(d.unit) OVER (PARTITION BY d.email) AS most_unit
    FROM dated d
),
trusted AS (
    SELECT
        r.customername, r.email, r.phone, r.birthday, r.serialnumber,
        r.registrationdate, r.lastupdatedate,
        r.sharewithresearchasofdate, r.sharewithpublicasofdate, r.sharewithfriendsasofdate
    FROM records r
    CROSS JOIN params p
    WHERE r.consents = 1
        AND (
            p.records = 'any'
            OR (
                r.recency = 1 AND r.all_consent = 1 AND r.undated_refusal = 0
                AND (r.some_refuse = 0 OR r.least_unit = r.most_unit)
                AND r.email NOT IN (SELECT b.email FROM barred b)
            )
        )
        AND r.email NOT IN (SELECT w.email FROM withdrawals w)
        AND r.serialnumber NOT IN (SELECT w.serialnumber FROM withdrawals w)
),
kept AS (
    SELECT t.* FROM trusted t CROSS JOIN params p WHERE p.duplicates = 'keep'
    UNION ALL
    SELECT DISTINCT t.* FROM trusted t CROSS JOIN params p WHERE p.duplicates <> 'keep'
)
SELECT
    k.customername, k.email, k.phone, k.birthday, k.serialnumber,
    k.registrationdate, k.lastupdatedate,
    k.sharewithresearchasofdate, k.sharewithpublicasofdate, k.sharewithfriendsasofdate
FROM kept k
