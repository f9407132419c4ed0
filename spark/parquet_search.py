"""Looks for people in the Parquet files of a lake: in the rows by Spark, beside them by its Parquet library."""

import json

from people_names import composed, folded, trimmed
from pyspark.sql import functions as F


class Wanted:
    """Who must not be found: emails, serial numbers and pseudonyms; not the emails that are kept, some of which may be
    one of them but for case and blanks."""

    def __init__(self, emails, serials, subjects, names, kept):
        self.emails = frozenset(composed(trimmed(email)) for email in emails)
        self.serials = frozenset(map(trimmed, serials))
        self.subjects, self.names = frozenset(subjects), frozenset(names)
        self.kept = frozenset(email for email in kept if composed(trimmed(email)) in self.emails)
        # Shorter ones that are no address are in every text: they are compared whole only.
        texts = {text for email in emails for text in (trimmed(email), folded(email))} | self.subjects
        texts = {text for text in texts if "@" in text or len(text) >= 6}
        # As what they are looked for in: bytes know no capitals beyond ASCII.
        self.texts = [way.encode().lower() for text in texts for way in (text, json.dumps(text)[1:-1])]
        self.beyond_ascii = [composed(text) for text in texts if not text.isascii()]
        self.long_serials = [serial for serial in self.serials if len(serial) >= 6]

    def is_whole(self, value):
        is_email = composed(trimmed(value)) in self.emails and value not in self.kept
        return value in self.subjects or trimmed(value) in self.serials or is_email

    def is_in_bytes(self, content):
        lowered = content.lower()
        if any(text in lowered for text in self.texts):
            return True
        if not self.beyond_ascii or content.isascii():
            return False
        text = composed(content.decode("utf-8", "replace"))
        return any(wanted in text for wanted in self.beyond_ascii)

    def is_in(self, text):
        """Whether a text of a report holds one of them."""
        is_inside = self.is_in_bytes(text.encode()) or any(serial in text for serial in self.long_serials)
        return self.is_whole(text) or is_inside


class Searched:
    """What was searched, by the names of erasure.json, and where somebody was found."""

    def __init__(self, wanted):
        self.wanted, self.places = wanted, []
        names = ("values", "dictionary_values", "pages", "statistics", "index_values", "footer_values")
        self.counts = dict.fromkeys(names, 0)

    def rows(self, table, rows):
        """Compares every text of a table's rows, on the executors."""
        is_whole = F.udf(self.wanted.is_whole, "boolean", useArrow=False)
        for name in [name for name, kind in rows.dtypes if kind == "string"]:
            # Most texts stand in many rows.
            texts = rows.where(F.col(name).isNotNull()).groupBy(F.col(name).alias("text")).count()
            counted = texts.select(F.sum("count"), F.sum(is_whole("text").cast("int"))).first()
            self.counts["values"] += counted[0] or 0
            self.found(counted[1], f"column {name} of {table}")

    def parquet(self, spark, name):
        """Compares what stands in a file beside its rows."""
        hadoop = spark._jvm.org.apache.parquet.hadoop
        path = spark._jvm.org.apache.hadoop.fs.Path(name)
        source = hadoop.util.HadoopInputFile.fromPath(path, spark._jsc.hadoopConfiguration())
        reader = hadoop.ParquetFileReader.open(source)
        try:
            footer = reader.getFileMetaData()
            columns = {column.getPath()[0]: column for column in footer.getSchema().getColumns()}
            entries = footer.getKeyValueMetaData()
            said = [*entries.keySet(), *entries.values(), footer.getCreatedBy(), *columns]
            self.texts("footer_values", name, said)
            for group in reader.getRowGroups():
                dictionaries = reader.getDictionaryReader(group)
                for chunk in group.getColumns():
                    # A filter answers for values that nobody can list.
                    self.found(chunk.getBloomFilterOffset() >= 0, f"a filter of {name}")
                    column = columns[chunk.getPath().toDotString()]
                    if column.getPrimitiveType().getPrimitiveTypeName().toString() == "BINARY":
                        self.column(spark, name, reader, chunk, dictionaries.readDictionaryPage(column))
        finally:
            reader.close()

    def column(self, spark, name, reader, chunk, dictionary):
        bounds = chunk.getStatistics()
        if bounds and bounds.hasNonNullValue():
            bounds = [bounds.genericGetMin(), bounds.genericGetMax()]
            self.texts("statistics", name, [bound.toStringUsingUTF8() for bound in bounds])
        index = reader.readColumnIndex(chunk)
        if index:
            utf_8 = spark._jvm.java.nio.charset.StandardCharsets.UTF_8
            bounds = [utf_8.decode(bound).toString() for bound in [*index.getMinValues(), *index.getMaxValues()]]
            self.texts("index_values", name, bounds)
        if dictionary:
            self.texts("dictionary_values", name, lengths_and_texts(bytes(dictionary.getBytes().toByteArray())))

    def texts(self, kind, name, texts):
        for text in texts:
            self.counts[kind] += 1
            self.found(self.wanted.is_whole(text), f"{kind} of {name}")

    def found(self, count, place):
        if count and place not in self.places:
            self.places.append(place)


def lengths_and_texts(content):
    """The values of a dictionary: each is its length, as four bytes, and its text."""
    at = 0
    while at + 4 <= len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "little")
        yield content[at + 4 : end].decode("utf-8", "replace")
        at = end
