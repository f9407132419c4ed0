"""A lake on any file system that Spark can reach: what belongs to it by its report, and how another takes its place.

The new lake is written and checked under TEMP. Then an intent says which files are moved and which removed; then that
is done, the report last. A job that is stopped before the intent leaves the old lake; after it the next job into the
folder does the rest, and so does the program, whose format this is (src/cli/lake/intent.rs).
"""

import hashlib
import json
import sys
from datetime import datetime, timezone

from hadoop_folder import Folder, escaped, is_hidden
from pyspark.sql import functions as F

VERSION = "0.1.0"
REPORT, HISTORY, ERASURE = "report.json", "history.json", "erasure.json"
TEMP = "_stedi_tmp"
NEW = f"{TEMP}/new"
INTENT, PART = f"{TEMP}/intent.json", f"{TEMP}/intent.part"
# How many files a refusal names.
NAMED = 10

# Each written table in the order of the rules, and its folder.
FOLDERS = {
    "customer_trusted": "customer/trusted",
    "accelerometer_trusted": "accelerometer/trusted",
    "customer_curated": "customer/curated",
    "step_trainer_trusted": "step_trainer/trusted",
    "machine_learning_curated": "step_trainer/curated",
}
LANDING_FOLDERS = ("customer/landing/", "accelerometer/landing/", "step_trainer/landing/")


def usage(problem):
    """Ends with a usage error."""
    print(problem, file=sys.stderr)
    sys.exit(2)


def listed(names):
    return ", ".join([*names[:NAMED], *([f"and {len(names) - NAMED} more"] if len(names) > NAMED else [])])


class Lake:
    """A lake by its report."""

    def __init__(self, folder, defaults):
        self.folder, self.defaults = folder, defaults
        self.text = folder.read(REPORT)
        try:
            self.report = json.loads(self.text)
            is_ours = self.report["format"] == "stedi-lakehouse-report" and self.report["version"] in (1, 2, 3)
            named = [(file["file"], file["sha256"]) for file in self.report["outputs"]]
            # Reports before version 3 do not name the other files.
            others = [(file["path"], file["sha256"]) for file in self.report.get("files", [])]
        except (KeyError, TypeError, ValueError):
            is_ours = False
        if not is_ours:
            sys.exit(f"{folder.at(REPORT)} is not a report of this program, or of a later version")
        self.files = {path: sha256 for path, sha256 in named + others if sha256}
        if any(part in ("", ".", "..") for path in self.files for part in path.split("/")):
            sys.exit(f"{folder.at(REPORT)} names files that are not below the lake")

    def option(self, name):
        """An option's value; its default in reports that are older than it."""
        return self.report["options"].get(name, self.defaults.get(name, [None])[0])

    def has_all_tables(self):
        return {output["table"] for output in self.report["outputs"]} == set(FOLDERS)

    def differing(self):
        """Its files that are not what the report says: those that are not there, and those that were changed."""
        sizes = self.folder.files()
        there = {path: sizes[path] for path in self.files if path in sizes}
        hashes = self.folder.hashes(there)
        changed = [path for path, sha256 in hashes.items() if sha256 != self.files[path]]
        return sorted(set(self.files) - set(there)), changed

    def check_whole(self):
        missing, changed = self.differing()
        if missing or changed:
            sys.exit(f"{self.folder.name} is not what its report says: {listed(missing + changed)}")

    def table(self, name, schema):
        paths = [output["file"] for output in self.report["outputs"] if output["table"] == name]
        read = self.folder.spark.read.schema(schema)
        return read.parquet(*(escaped(self.folder.at(path)) for path in paths))

    def document(self, path):
        """One of its documents, if it has it."""
        return json.loads(self.folder.read(path)) if path in self.files and self.folder.exists(path) else None


class LakeFolder(Folder):
    """The folder that a job writes a lake to."""

    def __init__(self, spark, path, defaults):
        super().__init__(spark, path)
        self.defaults = defaults
        self.recover()
        self.old = Lake(self, defaults) if self.exists(REPORT) else None

    def recover(self):
        """Finishes what a job left that was stopped."""
        if self.exists(INTENT):
            intent = json.loads(self.read(INTENT))
            self.check(intent["changes"])
            self.apply(intent["changes"])
            print(f"{self.name}: an earlier job was stopped while it replaced the lake; its lake is now complete")
        elif self.exists(TEMP):
            self.remove(TEMP)
            print(f"{self.name}: an earlier job was stopped before its lake was complete; what it wrote is removed")

    def check(self, changes):
        """Sees that nobody changed the files since they were committed."""
        sizes = self.files()
        paths = [path for change in changes for path in (change["path"], f"{NEW}/{change['path']}") if path in sizes]
        hashes = self.hashes({path: sizes[path] for path in paths})
        for change in changes:
            staged, there = hashes.get(f"{NEW}/{change['path']}"), hashes.get(change["path"])
            fits = there in (None, change["old"]) and staged in (None, change["new"])
            if not (there == change["new"] if change["new"] and staged is None else fits):
                problem = "an earlier job was stopped while it replaced this lake, and this has changed since"
                sys.exit(f"{problem}: {self.at(change['path'])}; move it away, and run again")

    def survey(self):
        """Refuses to touch what is not the lake's, or was changed, before anything is written."""
        changed = self.old.differing()[1] if self.old else []
        own = self.old.files if self.old else {}
        found = [path for folder in FOLDERS.values() for path in self.files(folder)]
        strays = [path for path in found if path not in own and not is_hidden(path)]
        if changed or strays:
            what = listed([self.at(path) for path in changed + strays])
            sys.exit(f"nothing is written, for this is in the way: {what}; move it away, or choose another --out")
        landing = [path for path in own if path.startswith(LANDING_FOLDERS)]
        if landing:
            problem = "the lake there holds landing files that came along, which the new lake would not have"
            usage(f"nothing is written: {problem}: {listed(landing)}; choose another --out")

    def stage(self, table, rows, order, compression):
        """Writes a table beside the lake, in ranges of its order, and gives it as it was written."""
        place = self.at(f"{NEW}/{FOLDERS[table]}")
        order = order + [name for name in rows.columns if name not in order]
        writer = rows.orderBy(*order).write.mode("overwrite").option("compression", compression)
        writer.parquet(place)
        return self.spark.read.schema(rows.schema).parquet(escaped(place))

    def staged(self):
        """The files of the tables that were written beside the lake, as a report names them."""
        new, outputs = Folder(self.spark, self.at(NEW)), []
        for table, folder in FOLDERS.items():
            sizes = {path: size for path, size in new.files(folder).items() if not is_hidden(path)}
            parts = self.spark.read.parquet(escaped(new.at(folder)))
            counted = parts.select(F.input_file_name().alias("file")).groupBy("file").count().collect()
            rows = {row["file"].rsplit("/", 1)[-1]: row["count"] for row in counted}
            for path, hashed in sorted(new.hashes(sizes).items()):
                about = {"table": table, "file": path, "rows": rows.get(path.rsplit("/", 1)[-1], 0)}
                outputs.append({**about, "bytes": sizes[path], "sha256": hashed})
        return outputs

    def replace(self, report, documents):
        """Lets the lake of this report take the place of the old one; its tables are staged."""
        texts = {path: text_of(document) for path, document in documents.items()}
        report["files"] = [{"path": path, "bytes": len(text), "sha256": sha256(text)} for path, text in texts.items()]
        texts[REPORT] = text_of(report)
        new = {output["file"]: output["sha256"] for output in report["outputs"]}
        new |= {path: sha256(text) for path, text in texts.items()}
        old = {path: hashed for path, hashed in (self.old.files if self.old else {}).items() if self.exists(path)}
        if self.old:
            old[REPORT] = sha256(self.old.text)
        taken = sorted(path for path in new if path not in old and self.exists(path))
        if taken:
            sys.exit(f"nothing is written, for this is in the way: {', '.join(taken)}; move it away")
        gone = [{"path": path, "old": old[path], "new": None} for path in old if path not in new]
        changes = gone + [{"path": path, "old": old.get(path), "new": hashed} for path, hashed in new.items()]
        for path, text in texts.items():
            self.write(f"{NEW}/{path}", text)
        # Whole under its name, or not there.
        self.write(PART, text_of({"format": "stedi-lakehouse-intent-1", "changes": changes}))
        self.move(PART, INTENT)
        self.apply(changes)

    def apply(self, changes):
        """Does what is to be done. It can be stopped anywhere and done again."""
        for change in changes:
            staged = f"{NEW}/{change['path']}"
            if change["new"] is None:
                self.remove(change["path"])
            elif self.exists(staged):
                self.remove(change["path"])
                self.move(staged, change["path"])
        # Without its files the intent could not be done.
        self.remove(INTENT)
        self.remove(TEMP)


def text_of(document):
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def history(lake, report, made):
    """The versions of a lake with this one, as src/lake/history.rs has them; what changed is not counted here."""
    known = lake and lake.document(HISTORY)
    versions = known["versions"] if known else []
    if lake and not known:
        event = lake.document("lineage.json") or {}
        versions = [version(1, lake.report, "run", event.get("eventTime", ""))]
    versions = [*versions, version(len(versions) + 1, report, made, now())]
    return {"format": "stedi-lakehouse-history", "version": 1, "versions": versions}


def version(number, report, made, time):
    return {
        "version": number,
        "made": made,
        "time": time,
        "program": report["tool"]["version"],
        "options": report["options"],
        "rows": {table: counts["rows_out"] for table, counts in report["tables"].items()},
        "people": report.get("privacy", {}).get("owners"),
        # Reports of earlier versions do not say it.
        **({"admission": report["people"]} if "people" in report else {}),
        "changes": None,
    }
