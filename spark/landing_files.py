"""The landing files of an export as the program reads them: executors decode them by this project's Python package.

A file is read whole by one executor. One that is too large for that has to be newline-delimited JSON, and is read in
splits of whole lines.
"""

import itertools
import json
import operator
import sys

from hadoop_folder import escaped, name_of
from landing_fields import LANDING, Landed
from lake_folder import VERSION, listed

# What the driver reads, since Spark passes over such names.
BY_DRIVER_BYTES = 64 << 20
# Of a large file, to see what it is.
HEAD_BYTES = 1 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CONTENT = "path STRING, content BINARY"
ACCOUNT = "path STRING, account BINARY"


def check_package(spark):
    """Ends the job unless the package can be imported here and where the files are decoded."""
    tasks = spark.sparkContext.defaultParallelism
    by_executors = spark.sparkContext.parallelize(range(tasks), tasks).map(package_version).distinct().collect()
    found = {"the driver": [package_version()], "the executors": by_executors}
    faults = [f"{where}: {', '.join(sorted(said))}" for where, said in found.items() if set(said) != {VERSION}]
    if faults:
        sys.exit(
            f"This job reads files by the Python package stedi-lakehouse {VERSION}, with pyarrow and pandas. Install "
            "its wheel for the Python of the driver and of the executors (spark/README.md), or use --reader spark, "
            "which needs nothing and reads newline-delimited JSON only.\n  " + "\n  ".join(faults)
        )


def package_version(_=None):
    """Its version, or why it cannot be used."""
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
        from stedi_lakehouse import _core
    except ImportError as error:
        return str(error)
    return _core.__version__


def read(spark, folder, folds, known, all_zones, whole_bytes, is_ours):
    """Makes the landing tables of all files below a folder, with their emails folded or not. Files of readings whose
    hash is known are left out, and files that are ours are passed over."""
    check_package(spark)
    if not folder.exists():
        sys.exit(f"there is no {folder.name}")
    from stedi_lakehouse import _core

    sizes = {path: size for path, size in folder.files().items() if not is_ours(folder.at(path))}
    skipped = {path: size for path, size in sizes.items() if _core.skipped(path, size, None)}
    hashes = folder.hashes(skipped)
    accounts = [_core.skipped(path, size, hashes.get(path)) for path, size in skipped.items()]
    files = Files(spark, folder, {path: size for path, size in sizes.items() if path not in skipped}, whole_bytes)
    accounts += files.scan()
    found = _core.landing_files(accounts, all_zones, sorted(known))
    for zone, fields in LANDING.items():
        rows = files.rows(f"{zone}_landing", fields, folds, found.used)
        # They are few, and the rules come back to them.
        rows = rows.cache() if zone == "customer" else rows
        rows.createOrReplaceTempView(f"{zone}_landing")
    return Landed(json.loads(found.report), set(found.barred), found.barred_serials)


class Files:
    """Files by their sizes, and how each of them is read."""

    def __init__(self, spark, folder, sizes, whole_bytes):
        self.spark, self.folder, self.sizes = spark, folder, sizes
        self.large = self.tables_of([path for path, size in sizes.items() if size > whole_bytes])
        whole = [path for path in sizes if path not in self.large]
        # Spark passes over such files even where they are named.
        self.by_driver = [path for path in whole if not sizes[path] or is_passed_over(path)]
        self.whole = [path for path in whole if path not in set(self.by_driver)]
        too_large = [path for path in self.by_driver if sizes[path] > BY_DRIVER_BYTES]
        if too_large:
            problem = "Spark passes over files of such names, and they are too large for the driver"
            sys.exit(f"{problem}: {listed(too_large)}; rename them")

    def tables_of(self, paths):
        """The tables of large files, all of which have to be lines."""
        from stedi_lakehouse import _core

        tables = {path: _core.lines_table(self.folder.head(path, HEAD_BYTES)) for path in paths}
        others = [path for path, table in tables.items() if not table]
        if others:
            sys.exit(
                "These files are too large for one executor (--whole-mib), and only newline-delimited JSON is read in "
                "splits: plain, in UTF-8, of one table, a record a line. Convert or divide them, use the command line, "
                f"which reads them, or give executors more memory and raise --whole-mib: {listed(others)}"
            )
        return tables

    def scan(self):
        """What each file holds, as the package sends it."""
        contents = self.contents(self.whole, self.by_driver)
        rows = contents.mapInArrow(scanning(self.folder.at() + "/"), ACCOUNT).collect()
        scanned = {row["path"]: bytes(row["account"]) for row in rows}
        missing = sorted({*self.whole, *self.by_driver} - set(scanned))
        if missing:
            sys.exit(f"Spark does not give what is in {listed(missing)}: were they removed, or have they odd names?")
        return [*scanned.values(), *self.scan_large()]

    def scan_large(self):
        from stedi_lakehouse import _core

        if not self.large:
            return
        lines = self.lines(self.large)
        rows = lines.mapInArrow(scanning_splits(self.folder.at() + "/", self.large, self.sizes), ACCOUNT).collect()
        hashes = self.folder.hashes({path: self.sizes[path] for path in self.large})
        for path in self.large:
            splits = [bytes(row["account"]) for row in rows if row["path"] == path]
            has_mark = self.folder.head(path, len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK
            yield _core.join_splits(path, self.sizes[path], hashes[path], splits, has_mark)

    def rows(self, table, fields, folds, used):
        """The rows of a table: of the records that are used."""
        parts = {}
        for path, entry, of_table, share in used:
            if of_table == table:
                parts.setdefault(path, []).append((entry, share))
        schema = ", ".join(f"{name.lower()} {kind}" for name, kind in fields.items())
        root = self.folder.at() + "/"
        by_driver = [path for path in self.by_driver if path in parts]
        whole = self.contents([path for path in self.whole if path in parts], by_driver)
        rows = whole.mapInArrow(decoding(root, table, parts, folds), schema)
        large = [path for path in self.large if path in parts]
        if large:
            decode = decoding_splits(root, table, self.sizes, folds)
            rows = rows.unionByName(self.lines(large).mapInArrow(decode, schema))
        return rows

    def contents(self, paths, by_driver):
        """The bytes of files, each in a row."""
        by_driver = [(self.folder.at(path), self.folder.read(path)) for path in by_driver]
        content = self.spark.createDataFrame(by_driver, CONTENT)
        if not paths:
            return content
        names = [escaped(self.folder.at(path)) for path in paths]
        read = self.spark.read.format("binaryFile").load(names).select("path", "content")
        return read.unionByName(content) if by_driver else read

    def lines(self, paths):
        """The lines of files as bytes, and the split that each is of: where it begins, how long it is, and the file."""
        names = [escaped(self.folder.at(path)) for path in paths]
        # A line end that is not \n stays, so that no byte is lost.
        lines = self.spark.read.option("lineSep", "\n").text(names)
        split = "concat_ws(' ', input_file_block_start(), input_file_block_length(), input_file_name())"
        return lines.selectExpr("CAST(value AS BINARY) AS line", f"{split} AS split")


def is_passed_over(path):
    """Whether Spark takes a file for one that is not to be read, by its name."""
    name = path.rsplit("/", 1)[-1]
    return name[:1] in ("_", ".") or name.endswith("._COPYING_")


# What follows is sent to the executors.


def scanning(root):
    def scan(batches):
        from stedi_lakehouse import _core

        for path, content in contents_of(batches, root):
            yield account_of(path, _core.scan(content, path))

    return scan


def scanning_splits(root, tables, sizes):
    def scan(batches):
        from stedi_lakehouse import _core

        for path, start, last, content in splits_of(batches, root, sizes):
            yield account_of(path, _core.scan_split(content, path, tables[path], start, last))

    return scan


def decoding(root, table, parts, folds):
    def decode(batches):
        import pyarrow
        from stedi_lakehouse import _core

        for path, content in contents_of(batches, root):
            rows = _core.landing_rows(content, table, parts[path], folds)
            yield from pyarrow.table(rows).to_batches()

    return decode


def decoding_splits(root, table, sizes, folds):
    def decode(batches):
        import pyarrow
        from stedi_lakehouse import _core

        for _, _, last, content in splits_of(batches, root, sizes):
            yield from pyarrow.table(_core.split_rows(content, table, last, folds)).to_batches()

    return decode


def contents_of(batches, root):
    for batch in batches:
        for path, content in zip(*batch.columns):
            yield path.as_py().removeprefix(root), content.as_py()


def splits_of(batches, root, sizes):
    """Path, start, whether it is the last, and all bytes of each split. Its lines follow each other."""
    split, texts = None, []
    for batch in batches:
        lines, splits = (column.to_pylist() for column in batch.columns)
        for name, group in itertools.groupby(zip(splits, lines), operator.itemgetter(0)):
            if name != split and texts:
                yield whole_split(split, texts, root, sizes)
                texts = []
            split = name
            texts.append(b"\n".join(line for _, line in group))
    if texts:
        yield whole_split(split, texts, root, sizes)


def whole_split(split, texts, root, sizes):
    start, length, uri = split.split(" ", 2)
    path = name_of(uri).removeprefix(root)
    return path, int(start), int(start) + int(length) >= sizes[path], b"\n".join(texts) + b"\n"


def account_of(path, account):
    import pyarrow

    columns = [pyarrow.array([path], pyarrow.string()), pyarrow.array([account], pyarrow.binary())]
    return pyarrow.RecordBatch.from_arrays(columns, ["path", "account"])
