-- customer_curated: the customer_trusted records of people who have readings.
-- Reads customer_trusted, accelerometer_trusted.

SELECT
    c.customername, c.email, c.phone, c.birthday, c.serialnumber,
    c.registrationdate, c.lastupdatedate,
    c.sharewithresearchasofdate, c.sharewithpublicasofdate, c.sharewithfriendsasofdate
FROM customer_trusted c
WHERE c.email IN (SELECT a.user FROM accelerometer_trusted a)
