"""The lake that a job goes on from: it stands in for the readings that it was made of (src/lake/earlier.rs)."""

import sys

from lake_folder import FOLDERS, REPORT, TEMP, Lake, listed, sha256, usage
from people_names import key_check

READINGS = {"accelerometer": "accelerometer_landing", "step_trainer": "step_trainer_landing"}


class EarlierLake:
    """A whole lake, under options and a key by which a job can go on from it."""

    NO_CUSTOMERS = (
        "the inputs hold no customers. With --from all customers come anew, so that consent is decided on all of them"
    )

    def __init__(self, folder, out, options, key, new_key, schemas):
        def refuse(problem):
            usage(f"--from {folder.name}: {problem}")

        if not folder.exists(REPORT):
            refuse("it holds no lake: it has no report.json")
        if folder.name != out.name and folder.exists(TEMP):
            refuse("a job was stopped while it wrote to this lake; one into that folder finishes its work")
        self.lake = lake = Lake(folder, out.defaults)
        self.options = options
        was = {name: lake.option(name) for name in options}
        if not lake.has_all_tables():
            refuse("it lacks tables; a research export names no one, so nobody can be admitted anew")
        if (was["emails"], options["emails"]) == ("folded", "exact"):
            refuse("its emails are folded, so how they were written is not known: use --emails folded")
        if (was["emails"], options["emails"]) == ("exact", "folded"):
            refuse("its emails were compared as they are written: use --emails exact, or run over all files")
        if was["duplicates"] == "drop" != options["duplicates"]:
            refuse("its duplicates were dropped, so they are not known: use --duplicates drop")
        checked = lake.report["options"].get("key_check", "")
        is_other = "pseudonym" == was["identity"] == options["identity"] and checked != key_check(key)
        if is_other and not new_key:
            other = f"its pseudonyms were made with another key (check value {checked})"
            refuse(f"{other}; give that key by --key-file, or --new-key to give everyone another pseudonym")
        lake.check_whole()
        self.was = was
        self.tables = {table: lake.table(table, schemas[table]) for table in FOLDERS}
        self.files = files_of(lake.report)
        self.hashes = {file["sha256"] for file in self.files} - {None}

    def inputs(self):
        """Its readings as inputs of the job, by their files."""
        tables = [f"{zone}_trusted" for zone in READINGS]
        for output in [output for output in self.lake.report["outputs"] if output["table"] in tables]:
            about = {"name": self.lake.folder.at(output["file"]), "bytes": output["bytes"], "sha256": output["sha256"]}
            yield {**about, "status": "lake", "table": output["table"], "records": output["rows"]}

    def add_readings(self, spark):
        """Adds its readings to the landing tables: they are admitted anew. Gives how many rows of each table."""
        rows = {}
        for zone, landing in READINGS.items():
            of_lake = self.tables[f"{zone}_trusted"]
            spark.table(landing).unionByName(of_lake).createOrReplaceTempView(landing)
            rows[f"{zone}_trusted"] = of_lake.count()
        return rows

    def about(self, spark, left_out):
        """What the report says of it: who is admitted that was not there, and which files may hold more of theirs."""
        for table, rows in self.tables.items():
            rows.createOrReplaceTempView(f"earlier_{table}")
        people, early_people = spark.sql(self.newly("customer_trusted", "email", self.was["consent"] != "ever")).first()
        devices, early_devices = spark.sql(
            self.newly("customer_curated", "serialnumber", self.was["consent"] == "as-of")
        ).first()
        more = {
            "accelerometer_landing": people + early_people > 0,
            "step_trainer_landing": people + devices + early_devices > 0,
        }
        files = [{**file, "may_hold_more": file["may_hold_more"] or more[file["table"]]} for file in self.files]
        newly = {"people": people, "devices": devices, "earlier_dates": early_people + early_devices}
        told = {"report_sha256": sha256(self.lake.text), "left_out": left_out, "newly_admitted": newly}
        return {**told, "files": files}

    def newly(self, table, name, cuts):
        """SQL that counts those of a table who are not in the lake's, or not all of whose readings, and those who are
        admitted from an earlier time on."""
        of_devices = name == "serialnumber"
        dates = f"SELECT {name} AS name, MIN(sharewithresearchasofdate) AS since FROM"
        kept = "SELECT DISTINCT serialnumber AS name FROM earlier_step_trainer_trusted"
        carried = " UNION ALL ".join(
            f"SELECT serialnumber, email FROM {table}" for table in ("customer_landing", "other_bearers")
        )
        shared = f"SELECT serialnumber FROM ({carried}) c GROUP BY serialnumber HAVING COUNT(DISTINCT email) > 1"
        # A device is new as well if the lake left out its readings, for it was shared then.
        is_new = "was.name IS NULL"
        is_new += " OR kept.name IS NULL" if of_devices and self.was["shared_serials"] == "drop" else ""
        leaves_out = of_devices and self.options["shared_serials"] == "drop"
        is_counted = f"now.name NOT IN ({shared})" if leaves_out else "TRUE"
        has_dates = self.options["consent"] == "as-of" or self.options["consent"] != "ever" and not of_devices
        is_earlier = ("now.since < was.since" if has_dates else "TRUE") if cuts else "FALSE"
        return f"""
            SELECT COUNT(CASE WHEN {is_new} THEN 1 END), COUNT(CASE WHEN NOT ({is_new}) AND {is_earlier} THEN 1 END)
            FROM ({dates} {table} GROUP BY {name}) now
            LEFT JOIN ({dates} earlier_{table} GROUP BY {name}) was ON was.name = now.name
            LEFT JOIN ({kept}) kept ON kept.name = now.name
            WHERE {is_counted}
        """

    def warnings(self, about):
        """Says once who is newly admitted, and gives that as warnings of the report."""
        total = sum(about["newly_admitted"].values())
        if not total:
            return []
        message = (
            "People or devices are admitted that the lake did not admit, or only from a later time on. What earlier "
            "files hold of them was not kept, so it is missing here; `from` names these files. A run over all files "
            "has it."
        )
        files = listed([file["name"] for file in about["files"] if file["may_hold_more"]])
        print(f"warning: newly_admitted ({total}): {message} They are: {files}", file=sys.stderr)
        return [{"code": "newly_admitted", "count": total, "message": message}]


def files_of(report):
    """The files of readings that a lake was made of, by itself and by the lakes that it went on from."""
    inputs, archives = report["inputs"], {archive["name"]: archive for archive in report.get("archives", [])}
    names = {other["name"]: other for other in inputs}
    files = [
        {name: file.get(name) for name in ("name", "table", "bytes", "sha256", "may_hold_more")}
        for file in report.get("from", {}).get("files", [])
    ]
    for about in inputs:
        # What is the same as another input holds what that one holds.
        table = names.get(about.get("of"), about).get("table")
        if table in READINGS.values():
            hashed = archives.get(about.get("archive"), about).get("sha256")
            own = {"name": about["name"], "table": table, "bytes": about["bytes"], "sha256": hashed}
            files.append({**own, "may_hold_more": False})
    return files
