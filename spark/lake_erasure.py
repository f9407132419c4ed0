"""Takes people out of a lake without the files that it was made of (src/lake/erase.rs)."""

import re
import sys

import parquet_search
from erasure_reference import NAMES_SOMEBODY, REPLACED, is_named, problem_of
from hadoop_folder import Folder
from lake_folder import ERASURE, FOLDERS, HISTORY, LANDING_FOLDERS, NEW, REPORT, TEMP, history, listed, now, sha256
from lake_folder import text_of, usage
from parquet_search import Searched, Wanted
from people_names import commitment, folded, key_check, pseudonym, trimmed
from pyspark.cloudpickle.cloudpickle import register_pickle_by_value
from pyspark.sql import functions as F

register_pickle_by_value(parquet_search)

# Larger files that are not the lake's are not searched.
SEARCHED_BYTES = 64 << 20
# How files begin that are packed, and text whose characters have two or four bytes.
UNSEARCHABLE = re.compile(
    rb"PAR1|\x1f\x8b|PK\x03\x04|PK\x05\x06|\x28\xb5\x2f\xfd|BZh|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|"
    rb"\x04\x22\x4d\x18|Obj\x01|\xff\x06\x00\x00sNaPpY|\xff\xfe|\xfe\xff|\x00\x00\xfe\xff"
)
# Parts of a report that hold no text of a file.
WITHOUT_NAMES = ("tool", "options", "tables", "outputs", "files")
# Fields of a report that hold names of files; all other texts are the program's.
NAMES = ("name", "archive", "of", "file")
NOT_REACHED = [
    "the exports that the lake was made of, and any other files outside the lake",
    "copies of the lake, and what was exported or queried from it",
    "backups and snapshots of the disk",
    "older versions of objects, where the lake lies in an object store that keeps them",
    "models, statistics and publications that were made of the tables",
]


class Erasure:
    """Of the people on a list, from the lake in a folder, which is whole and has all tables."""

    def __init__(self, folder, entries, key, arguments, schemas):
        if not folder.old:
            usage(f"{folder.name} holds no lake: it has no report.json")
        self.folder, self.lake, self.key, self.is_given = folder, folder.old, key, bool(arguments.key_file)
        if not self.lake.has_all_tables():
            usage(
                f"{folder.name} lacks tables, so it is not known whose rows are whose. A research export names no one: "
                "erase people from the lake that it was made of, and export it again"
            )
        if not entries:
            usage("the list of withdrawals has no entry")
        self.entries = entries
        self.landing_files = self.landing(arguments.delete_landing)
        self.fate = self.key_fate(arguments.new_key)
        self.reference = trimmed(arguments.reference)
        problem = problem_of(self.reference, [entry for _, entry in entries])
        if problem:
            usage(f"nothing is erased: the reference of the request {problem}")
        self.lake.check_whole()
        self.tables = {table: self.lake.table(table, schemas[table]) for table in FOLDERS}

    def landing(self, deletes):
        """How many landing files go; they hold everyone."""
        found = [path for path in self.folder.files() if path.startswith(LANDING_FOLDERS)]
        others = [path for path in found if path not in self.lake.files]
        problem = "nothing is erased: landing files in the lake hold raw data of everyone"
        if others:
            usage(f"{problem}: {listed(others)}; they are not the lake's own: move them away")
        if found and not deletes:
            usage(f"{problem}: {listed(found)}; --delete-landing removes them, or move them away")
        return len(found)

    def key_fate(self, new_key):
        if self.lake.option("identity") == "serial":
            return "none"
        checked = self.lake.report["options"].get("key_check", "")
        if checked == key_check(self.key):
            return "kept"
        if not new_key:
            usage(
                f"nothing is erased: the pseudonyms of this lake were made with a key (check value {checked}). Give "
                "that key by --key-file; or --new-key makes all pseudonyms anew, and then nothing that was made of "
                "this lake before can be linked to it, nor can other runs under its key"
            )
        return "new"

    def changes_nothing(self, unmet):
        """Whether all that it would do is to give everyone another pseudonym, since so many entries match nothing."""
        return self.fate == "new" and unmet == len(self.entries)

    def add_landing(self):
        """The lake's rows stand in for landing records."""
        for zone in ("customer", "accelerometer", "step_trainer"):
            self.tables[f"{zone}_trusted"].createOrReplaceTempView(f"{zone}_landing")

    def finish(self, spark, report, written, unmet):
        """Searches the tables that were written, and lets them take the old ones' place."""
        wanted, shared = self.wanted(written)
        if is_named_in(self.reference, wanted):
            self.refuse(f"the reference of the request {NAMES_SOMEBODY}", usage)
        searched = Searched(wanted)
        for table, rows in written.items():
            searched.rows(table, rows)
        new = Folder(spark, self.folder.at(NEW))
        for output in report["outputs"]:
            searched.parquet(spark, new.at(output["file"]))
        if self.fate == "new":
            old = self.tables["machine_learning_curated"].select("subject")
            searched.found(old.intersect(written["machine_learning_curated"].select("subject")).count(), "subjects")
        report, names = self.report_after(report, wanted)
        documents = {HISTORY: history(self.lake, report, "erased")}
        # The tables, these two documents and the report.
        files = len(report["outputs"]) + 3
        of_lake = {"names_replaced": len(names), "shared_serial_numbers": shared}
        erasure = self.evidence(report, wanted, of_lake, {"files": files, **searched.counts}, unmet)
        documents[ERASURE] = erasure
        for path, document in {**documents, REPORT: report}.items():
            searched.found(wanted.is_in_bytes(text_of(document)), path)
        unsearched = self.search_others(wanted, searched)
        if searched.places:
            where = "somebody on the list would still be found in"
            self.refuse(f"{where} {listed(searched.places)}; move files and folders that are not the lake's away")
        if unsearched:
            why = "files that are not the lake's own cannot be searched: they are packed, no text in UTF-8 or too large"
            self.refuse(f"{why}: {listed(unsearched)}; move them away")
        self.folder.replace(report, documents)
        return erasure["erasures"][-1]

    def refuse(self, problem, end=sys.exit):
        """Ends with the lake as it was."""
        self.folder.remove(TEMP)
        end(f"nothing is erased: {problem}")

    def wanted(self, written):
        """Whom no file may hold any more, and how many serial numbers stay since somebody else has them."""
        def of(rows, name):
            return {row[0] for row in rows.select(name).distinct().collect()}

        before, after = self.tables["customer_trusted"], written["customer_trusted"]
        gone = of(before.join(after, "email", "left_anti"), "email")
        serials = of(before.join(after, "serialnumber", "left_anti"), "serialnumber")
        shared = before.join(after.select("email"), "email", "left_anti").join(after, "serialnumber", "left_semi")
        names = of(before.join(after, "email", "left_anti").where("customername IS NOT NULL"), "customername")
        emails = gone | {entry for _, entry in self.entries if "@" in entry}
        has_pseudonyms = self.lake.option("identity") == "pseudonym"
        subjects = {pseudonym(self.key, email) for email in emails} if has_pseudonyms else set()
        # Of those who stay, whoever can be taken for one of them.
        taken = frozenset(map(folded, emails))
        is_like = F.udf(lambda email: folded(email) in taken, "boolean", useArrow=False)
        kept = of(after.select("email").distinct().where(is_like("email")), "email")
        return Wanted(emails, serials, subjects, names, kept), len(of(shared, "serialnumber"))

    def report_after(self, report, wanted):
        """The lake's own report with what this job did, and the texts in it that named somebody."""
        names = {}

        def replaced(value, field=""):
            if field in WITHOUT_NAMES:
                return value
            if isinstance(value, str) and (is_in_name if field in NAMES else Wanted.is_in)(wanted, value):
                return names.setdefault(value, f"erased name {len(names) + 1}")
            if isinstance(value, list):
                return [replaced(item) for item in value]
            if isinstance(value, dict):
                # The files of the lakes before are those of other runs, and have names.
                return {name: replaced(item, "" if field == "from" else name) for name, item in value.items()}
            return value

        old = replaced(self.lake.report)
        tables = {}
        for table, counts in old["tables"].items():
            tables[table] = {name: counts[name] for name in ("rows_in", "rejected") if name in counts}
            tables[table]["rows_out"] = report["tables"].get(table, counts)["rows_out"]
        options = {**old["options"], **report["options"]}
        options["withdrawals"] = old["options"].get("withdrawals", 0) + len(self.entries)
        # What it counted of its tables and of the people in them is not so any more.
        gone = ("privacy", "quality", "table_format", "warnings")
        kept = {name: value for name, value in old.items() if name not in gone}
        new = {"version": report["version"], "tool": report["tool"], "options": options, "tables": tables}
        # Lakes of earlier versions have none. Whoever this run left out had been admitted.
        if "people" in old:
            left_out = old["people"]["left_out"] + report["people"]["left_out"]
            new["people"] = {**report["people"], "left_out": left_out}
        return kept | new | {"outputs": report["outputs"], "warnings": []}, names

    def evidence(self, report, wanted, of_lake, searched, unmet):
        def told(table):
            [was, is_now] = [read["tables"][table]["rows_out"] for read in (self.lake.report, report)]
            hashes = {"sha256_before": hash_of(self.lake.report, table), "sha256_after": hash_of(report, table)}
            return {"rows_before": was, "rows_after": is_now, "removed": was - is_now, **hashes}

        before = self.lake.document(ERASURE)
        erasures = before["erasures"] if before else []
        for earlier in erasures:
            if is_named_in(earlier.get("reference", ""), wanted):
                earlier["reference"] = REPLACED
        texts = [entry for _, entry in self.entries]
        erasure = {
            "time": now(),
            **({"reference": self.reference} if self.reference else {}),
            "tool": report["tool"],
            "asked": len(texts),
            "matched": len(texts) - unmet,
            "commitment": commitment(self.key, texts) if self.is_given else None,
            "key": self.fate,
            "landing_files_removed": self.landing_files,
            **of_lake,
            "tables": {table: told(table) for table in FOLDERS},
            "searched": searched,
            "matches_left": 0,
            "not_reached": NOT_REACHED,
        }
        return {"format": "stedi-lakehouse-erasure", "version": 1, "erasures": [*erasures, erasure]}

    def search_others(self, wanted, searched):
        """Files in the folder that are not the lake's, and folders without a file, stay there. Gives files that cannot
        be searched."""
        own, unsearched = {*self.lake.files, REPORT}, []
        files = self.folder.files()
        for path in self.folder.folders():
            # Paths of files are searched with their folders.
            is_ours = f"{path}/".startswith(f"{TEMP}/")
            if not is_ours and not any(file.startswith(f"{path}/") for file in files):
                searched.found(is_in_name(wanted, path), path)
        for path, size in files.items():
            if path in own or path.startswith(f"{TEMP}/"):
                continue
            content = self.folder.read(path) if size <= SEARCHED_BYTES else b""
            if size > SEARCHED_BYTES or hides_text(content):
                unsearched.append(path)
            searched.found(is_in_name(wanted, path) or wanted.is_in_bytes(content), path)
        return unsearched


def hides_text(content):
    """Whether a search of these bytes would not find what they say."""
    # UTF-16 without its mark, by its first two characters.
    zeros = [byte == 0 for byte in content[:4]]
    is_wide = zeros in ([False, True, False, True], [True, False, True, False])
    return is_wide or bool(UNSEARCHABLE.match(content)) or content[257:262] == b"ustar"


def is_in_name(wanted, name):
    """Whether a name that somebody gave to a file or a folder holds one of them; a short serial number as a word."""
    return wanted.is_in(name) or is_named(name, wanted.serials)


def is_named_in(reference, wanted):
    """Whether a reference names somebody who is erased, also by a short serial number, or as they are called."""
    return wanted.is_in(reference) or is_named(reference, wanted.emails | wanted.serials | wanted.names)


def hash_of(report, table):
    """SHA-256 of a table's file. Of a table in parts that of what `sha256sum` prints of them, called in the lake."""
    parts = [(output["sha256"], output["file"]) for output in report["outputs"] if output["table"] == table]
    if len(parts) == 1:
        return parts[0][0]
    return sha256("".join(f"{hashed}  {path}\n" for hashed, path in parts).encode())
