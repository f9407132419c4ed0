"""A folder on any file system that Spark can reach: a disk, HDFS, S3. Only the driver calls it."""

import re
from multiprocessing.pool import ThreadPool
from urllib.parse import unquote

from pyspark.sql import functions as F

# Executors hold a file in memory while they hash it; the driver hashes what is larger, some at a time.
WHOLE_BYTES = 64 << 20
AT_A_TIME = 8


class Folder:
    """Files by their paths below it, with slashes."""

    def __init__(self, spark, path):
        self.spark, self._jvm = spark, spark._jvm
        path = self._jvm.org.apache.hadoop.fs.Path(str(path))
        self._fs = path.getFileSystem(spark._jsc.hadoopConfiguration())
        # On a disk Hadoop lays a sum beside a file, which would be wrong once the program has replaced that file.
        self._fs.setVerifyChecksum(False)
        self._fs.setWriteChecksum(False)
        self._root = self._fs.makeQualified(path)
        self.name = self._root.toString().rstrip("/")

    def at(self, path=""):
        """The whole name of a file below it."""
        return f"{self.name}/{path}" if path else self.name

    def _path(self, path=""):
        return self._jvm.org.apache.hadoop.fs.Path(self.at(path)) if path else self._root

    def exists(self, path=""):
        return self._fs.exists(self._path(path))

    def files(self, path=""):
        """The sizes of all files below a path."""
        sizes = {}
        if not self.exists(path):
            return sizes
        found = self._fs.listFiles(self._path(path), True)
        while found.hasNext():
            file = found.next()
            sizes[file.getPath().toString().removeprefix(self.at() + "/")] = file.getLen()
        return dict(sorted(sizes.items()))

    def folders(self, path=""):
        """All folders below a path."""
        for status in self._fs.listStatus(self._path(path)):
            if status.isDirectory():
                below = status.getPath().toString().removeprefix(self.at() + "/")
                yield below
                yield from self.folders(below)

    def read(self, path=""):
        stream = self._fs.open(self._path(path))
        try:
            return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream))
        finally:
            stream.close()

    def head(self, path, length):
        """The first bytes of a file."""
        stream = self._fs.open(self._path(path))
        try:
            return bytes(stream.readNBytes(length))
        finally:
            stream.close()

    def write(self, path, content):
        stream = self._fs.create(self._path(path), True)
        try:
            stream.write(bytearray(content))
        finally:
            stream.close()

    def remove(self, path):
        """Removes a file or a folder, if it is there."""
        if self.exists(path) and not self._fs.delete(self._path(path), True):
            raise OSError(f"{self.at(path)} cannot be removed")

    def move(self, path, to):
        """Moves a file to where none may be. One step on a disk and HDFS; on S3 a copy and a removal."""
        self._fs.mkdirs(self._path(to).getParent())
        if not self._fs.rename(self._path(path), self._path(to)):
            raise OSError(f"{self.at(path)} cannot be moved to {self.at(to)}")

    def hashes(self, sizes):
        """SHA-256 of files, by their paths."""
        small = [path for path, size in sizes.items() if size <= WHOLE_BYTES and not is_hidden(path)]
        hashes = {}
        if small:
            read = self.spark.read.format("binaryFile").load([escaped(self.at(path)) for path in small])
            rows = read.select("path", F.sha2("content", 256).alias("hash")).collect()
            hashes = {row["path"].removeprefix(self.at() + "/"): row["hash"] for row in rows}
        others = [path for path in sizes if path not in hashes]
        with ThreadPool(AT_A_TIME) as pool:
            return hashes | dict(zip(others, pool.map(self._hash, others)))

    def _hash(self, path):
        stream = self._fs.open(self._path(path))
        try:
            return self._jvm.org.apache.commons.codec.digest.DigestUtils.sha256Hex(stream)
        finally:
            stream.close()


def is_hidden(path):
    """Whether readers of tables pass a file over."""
    return any(part[:1] in ("_", ".") for part in path.split("/"))


def escaped(name):
    """A name that Spark does not take for a pattern."""
    return re.sub(r"([{}\[\]*?\\])", r"\\\1", name)


def name_of(uri):
    """The whole name of a file whose rows Spark says are of this URI."""
    return re.sub(r"^(\w+):///", r"\1:/", unquote(uri))
