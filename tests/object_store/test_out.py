"""A lake that is written to an object store: the files of one in a folder, the same rules, and what is said of a run
that does not come to its end."""

import json
import random

from store import BUCKET, StoreTest

LAKE = f"s3://{BUCKET}/lake"


class Out(StoreTest):
    def run_out(self, *words, **more):
        return self.run_lake(self.export, "--out", LAKE, *words, **more)

    def writes(self):
        """What was written or removed, in order, by path below the lake."""
        paths = [(request.method, request.path.partition("?")[0]) for request in self.proxy.requests]
        prefix = f"/{BUCKET}/lake/"
        found = [(method, path) for method, path in paths if method in ("PUT", "POST")]
        return [path.removeprefix(prefix) for _, path in found]

    def test_it_is_the_lake_of_a_folder_with_the_report_last(self):
        said = self.run_out()
        self.assertIn("This is not all or nothing", said)
        local = self.local_lake()
        self.assertEqual(self.tables_of("lake"), self.tables_of(local))
        here = {path.relative_to(local).as_posix() for path in local.rglob("*") if path.is_file()}
        self.assertEqual(set(self.objects("lake")), here)
        writes = self.writes()
        self.assertEqual(writes[-1], "report.json")
        is_table = [path.endswith(".parquet") for path in writes]
        self.assertEqual(is_table.index(False), 5, "tables come first")
        self.assertIn("Nothing differs.", self.call("verify", LAKE))

    def test_a_run_replaces_what_is_the_lakes_and_nothing_else(self):
        self.run_out()
        self.put("lake/notes.txt", b"mine")
        self.put("lakes/other", b"mine")
        self.run_out("--compression", "zstd")
        tables = [key for key in self.keys("lake/") if key.endswith(".parquet")]
        self.assertEqual([key for key in tables if "zstd" not in key], [], "the old files are gone")
        self.assertEqual((self.get("lake/notes.txt"), self.get("lakes/other")), (b"mine", b"mine"))
        self.call("verify", LAKE)
        # The old lake is known by its marks: no table of it is read again.
        self.proxy.clear()
        self.run_out("--compression", "zstd")
        self.assertEqual([request for request in self.proxy.requests if request.method == "GET"
                          and request.path.endswith(".parquet")], [])

    def test_what_is_in_the_way_is_refused(self):
        self.run_out()
        before = self.objects("lake")
        self.put("lake/customer/trusted/mine.parquet", b"mine")
        said = self.run_out(code=1)
        self.assertIn(f"in the way: {LAKE}/customer/trusted/mine.parquet; move it away", said)
        self.client.delete_object(Bucket=BUCKET, Key="lake/customer/trusted/mine.parquet")
        # A copy of what is the lake's elsewhere is not.
        source = {"Bucket": BUCKET, "Key": "lake/customer/trusted/part-00000.snappy.parquet"}
        self.client.copy_object(Bucket=BUCKET, Key="lake/customer/trusted/copy.parquet", CopySource=source)
        self.assertIn("copy.parquet; move it away", self.run_out(code=1))
        self.client.delete_object(Bucket=BUCKET, Key="lake/customer/trusted/copy.parquet")
        self.put("lake/customer/trusted/part-00000.snappy.parquet", b"changed")
        said = self.run_out(code=1)
        self.assertIn("part-00000.snappy.parquet, which is not what the lake's report says", said)
        table = "customer/trusted/part-00000.snappy.parquet"
        self.put(f"lake/{table}", before[table])
        self.assertEqual(self.objects("lake"), before)
        self.run_out()
        self.put("other/report.json", b"{}")
        said = self.run_lake(self.export, "--out", f"s3://{BUCKET}/other", code=1)
        self.assertIn("other/report.json, which is not a report of this program", said)
        self.assertEqual(self.keys("other/"), ["other/report.json"])

    def test_a_lake_that_was_copied_there_is_known_by_its_hashes(self):
        self.upload(self.local_lake(), "lake")
        self.run_out("--compression", "gzip")
        self.call("verify", LAKE)
        self.assertTrue(all(".gz." in path for path in self.objects("lake") if path.endswith(".parquet")))

    def test_inputs_are_neither_replaced_nor_is_the_lake_read_as_one(self):
        self.upload(self.export, "all/raw")
        out = f"s3://{BUCKET}/all/lake"
        self.run_lake(f"s3://{BUCKET}/all", "--out", out)
        self.run_lake(f"s3://{BUCKET}/all", "--out", out)
        names = [entry["name"] for entry in self.report_of("all/lake")["inputs"]]
        self.assertTrue(names and all("/all/raw/" in name for name in names), names)
        # The lake itself as the input: its own files are none.
        said = self.run_lake(out, "--out", out, code=1)
        self.assertIn("none of the inputs can be used", said)
        key = "s/customer/trusted/part-00000.snappy.parquet"
        self.put(key, b"{}")
        said = self.run_lake(f"s3://{BUCKET}/{key}", "--out", f"s3://{BUCKET}/s", code=2)
        self.assertIn("nothing is written: this run would replace", said)
        self.put("t/customer/trusted/in.json", b'{"email":"a","serialNumber":"s"}')
        said = self.run_lake(f"s3://{BUCKET}/t", "--out", f"s3://{BUCKET}/t", code=2)
        self.assertIn("in.json is an input, and lies in a folder of the lake where only its own files may be", said)
        said = self.run_out("--with-landing", code=2)
        self.assertIn("landing files are not copied to an object store", said)

    def test_a_run_that_is_stopped_is_said_to_be_and_done_again(self):
        for first in (True, False):
            self.fault("PUT", "lake/croissant.json", "denied")
            said = self.run_out("--compression", "zstd" if first else "gzip", code=1)
            self.assertIn(f"cannot write {LAKE}/croissant.json", said)
            self.assertIn("is not whole", said)
            self.assertEqual("report.json" in self.objects("lake"), not first)
            self.run_out("--compression", "snappy")
            self.assertIn("Nothing differs.", self.call("verify", LAKE))

    def test_a_dry_run_writes_nothing_and_landing_files_there_are_inputs(self):
        self.upload(self.export, "lake")
        moved = {path: self.get(f"lake/{path}") for path in self.objects("lake")}
        self.assertTrue(all("/landing/" in path for path in moved), "the lake has the folders of the export")
        said = self.run_lake(LAKE, "--out", LAKE, "--dry-run")
        self.assertIn(f"would write to {LAKE}:", said)
        self.assertEqual(self.writes(), [])
        self.run_lake(LAKE, "--out", LAKE)
        self.run_lake(LAKE, "--out", LAKE, "--compression", "zstd")
        now = self.objects("lake")
        self.assertEqual({path: now[path] for path in moved}, moved)
        self.assertIn("Nothing differs.", self.call("verify", LAKE))
        self.proxy.clear()
        self.call("history", LAKE)
        fetched = [request.path for request in self.proxy.requests if request.method == "GET"]
        self.assertFalse(any("/landing/" in path for path in fetched), "only verify looks at them")

    def test_a_research_export_has_a_place_of_its_own(self):
        research = ["--export", "research", "--test-share", "0.4"]
        self.run_lake(self.export, "--out", f"s3://{BUCKET}/set", *research)
        self.assertIn("data/test-00000-of-00001.parquet", self.objects("set"))
        self.assertIn("Nothing differs.", self.call("verify", f"s3://{BUCKET}/set"))
        self.run_out()
        said = self.run_out(*research, code=2)
        self.assertIn("a research export needs a place without tables that lead to people", said)

    def test_another_run_in_between_is_found(self):
        self.run_out()
        report = self.report_of("lake")
        report["run_of_another"] = True

        def other_run():
            self.put("lake/report.json", json.dumps(report).encode())

        self.fault("GET", "list-type=2.*prefix=lake", "call", action=other_run)
        said = self.run_out("--compression", "zstd", code=1)
        self.assertIn("another run has written a lake to", said)
        self.assertFalse(any("zstd" in path for path in self.objects("lake")))

    def test_a_large_table_is_sent_in_parts(self):
        numbers = random.Random(1)
        who = '{"email":"a","serialNumber":"s","shareWithResearchAsOfDate":1}\n'
        lines = (
            f'{{"user":"a","timestamp":{1655564444000 + at},"x":{numbers.random()},"y":{numbers.random()},'
            f'"z":{numbers.random()}}}\n'
            for at in range(450_000)
        )
        (self.folder / "in.json").write_text(who + "".join(lines))
        self.call("run", "in.json", "--out", "local", "--key-file", self.key)
        self.proxy.clear()
        self.fault("PUT", "partNumber=2", "error")
        self.fault("POST", "uploadId=", "refused")
        self.run_lake("in.json", "--out", LAKE)
        table = "accelerometer/trusted/part-00000.snappy.parquet"
        self.assertGreater(len(self.get(f"lake/{table}")), 8 << 20)
        self.assertEqual(self.tables_of("lake"), self.tables_of(self.folder / "local"))
        self.proxy.clear()
        self.fault("PUT", "partNumber=1", "denied")
        self.run_lake("in.json", "--out", f"s3://{BUCKET}/second", code=1)
        removals = [request.path for request in self.proxy.requests if request.method == "DELETE"]
        self.assertEqual(len([path for path in removals if "uploadId" in path]), 1, "its parts are removed")


class Reading(StoreTest):
    def test_a_lake_there_is_verified_gone_on_from_and_told_of(self):
        key = ["--key-file", self.key]
        self.upload(self.export, "raw")
        self.run_lake(f"s3://{BUCKET}/raw", "--out", LAKE)
        before = self.tables_of("lake")
        said = self.run_lake(f"s3://{BUCKET}/raw", "--from", LAKE, "--out", LAKE)
        self.assertIn("its readings are in the lake that this run goes on from", said)
        self.assertEqual(self.tables_of("lake"), before)
        self.assertIn("Nothing differs.", self.call("verify", LAKE))
        self.assertIn("gone on from the version before", self.call("history", LAKE))
        names = json.dumps(self.report_of("lake"))
        self.assertNotIn(str(self.folder), names, "no temporary folder is named")
        self.assertIn(f"{LAKE}/accelerometer/trusted/", names)
        self.call("report", LAKE, "--html", "evidence.html")
        self.assertIn("<html", (self.folder / "evidence.html").read_text())
        self.call("run", self.export, "--from", LAKE, "--out", "here", *key)
        self.call("verify", "here")

        self.put("lake/customer/trusted/part-00000.snappy.parquet", b"changed")
        self.put("lake/customer/curated/stray.parquet", b"stray")
        said = self.call("verify", LAKE, code=1)
        self.assertIn("customer/trusted/part-00000.snappy.parquet", said)
        self.assertIn("stray", said)
        left = [path.name for path in self.folder.iterdir() if path.name.startswith(".tmp")]
        self.assertEqual(left, [], "copies go with the program")
        self.assertIn("holds no lake", self.call("verify", f"s3://{BUCKET}/raw", code=2))


class Delta(StoreTest):
    def run_out(self, *words, **more):
        return self.run_lake(self.export, "--out", LAKE, "--format", "delta", *words, **more)

    def entries(self):
        return sorted(path for path in self.objects("lake") if "/_delta_log/" in path)

    def test_a_version_is_put_where_none_is(self):
        said = self.run_out()
        self.assertIn("each at once by its log", said)
        self.assertEqual(self.tables_of("lake"), self.tables_of(self.local_lake("--format", "delta")))
        puts = [request for request in self.proxy.requests if request.method == "PUT" and "_delta_log" in request.path]
        self.assertEqual([request.headers.get("if-none-match") for request in puts], ["*"] * 5)
        order = [request.path for request in self.proxy.requests if request.method == "PUT"]
        self.assertTrue(all(".parquet" in path for path in order[:5]) and all("_log" in path for path in order[5:10]))
        self.run_out("--from", LAKE, "--compression", "zstd")
        self.assertEqual(len(self.entries()), 10, "a second version of each table")
        self.assertIn("Nothing differs.", self.call("verify", LAKE))
        # Without the lake before, logs start afresh: no entry is written over.
        self.proxy.clear()
        self.run_out("--compression", "gzip")
        self.assertEqual(len(self.entries()), 5)
        puts = [request for request in self.proxy.requests if request.method == "PUT" and "_delta_log" in request.path]
        self.assertTrue(all(request.headers.get("if-none-match") == "*" for request in puts))
        self.assertIn("Nothing differs.", self.call("verify", LAKE))

    def test_an_answer_that_is_lost_is_looked_up(self):
        self.fault("PUT", "customer/trusted/_delta_log", "lost")
        self.fault("PUT", "accelerometer/trusted/_delta_log", "refused")
        self.fault("PUT", "step_trainer/curated/_delta_log", "error")
        self.run_out()
        self.assertIn("Nothing differs.", self.call("verify", LAKE))

    def test_before_the_logs_nothing_is_seen(self):
        self.run_out()
        before = self.objects("lake")
        self.fault("PUT", r"step_trainer/curated/part", "denied")
        said = self.run_out("--compression", "zstd", code=1)
        self.assertIn("are as they were", said)
        now = self.objects("lake")
        self.assertEqual({path: now[path] for path in before}, before)
        self.assertTrue(all(path.endswith(".parquet") for path in set(now) - set(before)))
        self.run_out()
        self.assertEqual(set(self.objects("lake")), set(before), "what was left is removed")

    def test_another_writer_is_not_written_over(self):
        self.run_out()
        report = self.get("lake/report.json")
        entry = "customer/trusted/_delta_log/00000000000000000001.json"
        self.fault("PUT", entry, "call", action=lambda: self.put(f"lake/{entry}", b'{"theirs":1}\n'))
        said = self.run_out("--from", LAKE, "--compression", "zstd", code=1)
        self.assertIn(f"{LAKE}/{entry} has been written by another writer", said)
        self.assertEqual(self.get(f"lake/{entry}"), b'{"theirs":1}\n')
        self.assertEqual(self.get("lake/report.json"), report)
        said = self.run_out(code=1)
        self.assertIn(f"in the way: {LAKE}/{entry}", said)

    def test_without_conditional_puts_there_is_no_version(self):
        said = self.run_out(AWS_CONDITIONAL_PUT="disabled", code=1)
        self.assertIn("without conditional puts", said)
        self.assertEqual(self.entries(), [])
