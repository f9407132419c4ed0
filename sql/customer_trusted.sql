-- customer_trusted: the customer records that consent to research.
-- Reads customer_landing, params, withdrawals, barred.

WITH records AS (
    SELECT
        c.*,
        -- 1 for the newest records of an email; a record without a date is the oldest.
        RANK() OVER (PARTITION BY c.email ORDER BY c.lastupdatedate DESC NULLS LAST) AS recency,
        -- 1 if every record of this email and this date consents.
        MIN(CASE WHEN c.sharewithresearchasofdate > 0 THEN 1 ELSE 0 END)
            OVER (PARTITION BY c.email, c.lastupdatedate) AS all_consent,
        -- 1 if a record of this email has no date and does not consent: it may be the newest.
        MAX(CASE WHEN c.sharewithresearchasofdate > 0 THEN 0 WHEN c.lastupdatedate IS NULL THEN 1 ELSE 0 END)
            OVER (PARTITION BY c.email) AS undated_refusal
    FROM customer_landing c
)
SELECT
    r.customername, r.email, r.phone, r.birthday, r.serialnumber,
    r.registrationdate, r.lastupdatedate,
    r.sharewithresearchasofdate, r.sharewithpublicasofdate, r.sharewithfriendsasofdate
FROM records r
CROSS JOIN params p
WHERE r.sharewithresearchasofdate > 0
    AND (
        p.records = 'any'
        OR (
            r.recency = 1 AND r.all_consent = 1 AND r.undated_refusal = 0
            AND r.email NOT IN (SELECT b.email FROM barred b)
        )
    )
    AND r.email NOT IN (SELECT w.email FROM withdrawals w)
    AND r.serialnumber NOT IN (SELECT w.serialnumber FROM withdrawals w)
