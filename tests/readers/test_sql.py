"""sql/ parses in every dialect that it is written for, and nothing in it is quoted."""

import unittest

import sqlglot
from sqlglot import exp

from oracle import RULES, SQL

HOST_TABLES = {"params", "withdrawals", "barred", "other_bearers", "pseudonyms", "time_offsets"}
LANDING_TABLES = {"customer_landing", "accelerometer_landing", "step_trainer_landing"}

# Words that are no names in Trino, by its grammar; sqlglot lets them pass.
RESERVED = set(
    """ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH
    CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP ELSE
    END ESCAPE EXCEPT EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS
    JOIN JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_TABLE JSON_VALUE LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP
    NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UESCAPE
    UNION UNNEST USING VALUES WHEN WHERE WITH""".split()
)


class Sql(unittest.TestCase):
    def test_there_is_a_file_for_each_written_table(self):
        self.assertEqual({file.stem for file in SQL.glob("*.sql")}, set(RULES))

    def test_every_dialect_reads_the_same_plain_select(self):
        for table, rule in RULES.items():
            with self.subTest(table):
                parsed = [sqlglot.parse(rule, dialect) for dialect in ("athena", "trino", "spark", "duckdb")]
                for statements in parsed:
                    (statement,) = statements
                    self.assertIsInstance(statement, exp.Select)
                    self.assertEqual(statement, parsed[0][0])

    def test_columns_are_qualified_and_never_quoted(self):
        for table, rule in RULES.items():
            with self.subTest(table):
                statement = sqlglot.parse_one(rule, "trino")
                for column in statement.find_all(exp.Column):
                    self.assertTrue(column.table, column.sql())
                for name in statement.find_all(exp.Identifier):
                    self.assertFalse(name.quoted, name.sql())
                    self.assertNotIn(name.name.upper(), RESERVED)

    def test_a_rule_reads_only_tables_that_are_there_before_it(self):
        there = HOST_TABLES | LANDING_TABLES
        for table, rule in RULES.items():
            statement = sqlglot.parse_one(rule, "trino")
            named = {cte.alias for cte in statement.find_all(exp.CTE)}
            read = {source.name for source in statement.find_all(exp.Table)} - named
            self.assertLessEqual(read, there, table)
            told = rule[rule.index("-- Reads ") + len("-- Reads ") : rule.index(".\n\n")]
            self.assertEqual(read, set(told.split(", ")), f"what the head of {table}.sql says")
            there.add(table)


if __name__ == "__main__":
    unittest.main()
