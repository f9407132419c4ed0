"""The promises of a lake's contract.yaml, asked of DuckDB: for many small lakes, where datacontract-cli takes seconds."""

import duckdb
import yaml

# For all lakes: to begin one takes longer than to ask it.
CONNECTION = duckdb.connect(config={"threads": 1})


def broken_promises(lake):
    """What a lake's contract promises, and its tables do not keep."""
    contract = yaml.load((lake / "contract.yaml").read_text(), yaml.CSafeLoader)
    (server,) = contract["servers"]
    asked = []
    # Rolled back in the end, so that no promise is asked of another lake's table.
    CONNECTION.begin()
    try:
        for table in contract["schema"]:
            file = lake / server["path"].format(model=table["name"])
            CONNECTION.execute(f"CREATE TABLE \"{table['name']}\" AS FROM read_parquet('{file}')")
            asked += [(f"{table['name']}: {what}", count) for what, count in promises(table, lake)]
        query = " UNION ALL ".join(f"SELECT ?, ({count})" for _, count in asked)
        counts = CONNECTION.execute(query, [what for what, _ in asked]).fetchall()
    finally:
        CONNECTION.rollback()
    assert len(counts) == len(asked) > 20, counts
    return [what for what, count in counts if count != 0]


def promises(table, lake):
    """Each as a query that counts what breaks it."""
    rows = f'FROM "{table["name"]}" t'
    for column in table["properties"]:
        name, options = column["name"], column.get("logicalTypeOptions", {})
        wrong = {
            "required": f"t.{name} IS NULL" if column.get("required") else None,
            "minLength": f"length(t.{name}) < {options.get('minLength')}",
            "minimum": f"t.{name} < {options.get('minimum')}",
            "pattern": f"NOT regexp_matches(t.{name}, '{options.get('pattern')}')",
        }
        for what, condition in wrong.items():
            if condition and (what == "required" or what in options):
                yield f"{name} {what}", f"SELECT count(*) {rows} WHERE {condition}"
    for rule in table["quality"]:
        if rule.get("metric") == "rowCount":
            yield "rowCount", f"SELECT abs(count(*) - {rule['mustBe']}) {rows}"
        else:
            query = rule["query"].replace("${table}", f'"{table["name"]}"')
            yield rule["description"], query.replace("DESCRIBE FROM '", f"DESCRIBE FROM '{lake}/")
