"""Inputs that lie in an object store give the lake that files of this machine give."""

import gzip
import hashlib
import json
import random
import re
import zipfile
from pathlib import Path

from store import BUCKET, PROGRAM, StoreTest


class Inputs(StoreTest):
    def test_a_prefix_gives_the_tables_that_a_folder_gives(self):
        self.upload(self.export, "raw")
        said = self.run_lake(f"s3://{BUCKET}/raw", "--out", "lake")
        self.assertEqual(self.tables_of(self.folder / "lake"), self.tables_of(self.local_lake()))
        self.assertIn("The lake is in lake", said)
        self.call("verify", "lake")
        report = (self.folder / "lake/report.json").read_text()
        for path in self.export.rglob("*.json"):
            key = f"s3://{BUCKET}/raw/{path.relative_to(self.export).as_posix()}"
            self.assertIn(f'"{key}"', report)
            self.assertIn(hashlib.sha256(path.read_bytes()).hexdigest(), report)

    def test_a_large_object_is_read_in_ranges_at_the_same_time(self):
        numbers = random.Random(1)
        lines = (
            f'{{"user":"a","timestamp":{1655564444000 + at},"x":{numbers.random()},"y":{numbers.random()},'
            f'"z":{numbers.random()}}}\n'
            for at in range(200_000)
        )
        big = "".join(lines).encode()
        self.assertGreater(len(big), 3 * (4 << 20))
        (self.folder / "in").mkdir()
        for name, text in [
            ("big.json", big),
            ("packed.json.gz", gzip.compress(big[big.index(b"\n", 12 << 20) + 1 :], 1)),
            ("who.json", b'{"email":"a","serialNumber":"s","shareWithResearchAsOfDate":1}\n'),
        ]:
            (self.folder / "in" / name).write_bytes(text)
            self.put(f"in/{name}", text)
        with zipfile.ZipFile(self.folder / "in/steps.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            steps = "".join(
                f'{{"sensorReadingTime":{1655564444000 + at},"serialNumber":"s","distanceFromObject":{at % 255}}}\n'
                for at in range(50_000)
            )
            archive.writestr("steps/1.json", steps)
        self.put("in/steps.zip", (self.folder / "in/steps.zip").read_bytes())
        self.call("run", "in", "--out", "local", "--key-file", self.key)
        self.assertEqual(self.proxy.requests, [], "without an address nothing is asked of anyone")
        self.run_lake(f"s3://{BUCKET}/in/", "--out", "lake")
        self.assertEqual(self.tables_of(self.folder / "lake"), self.tables_of(self.folder / "local"))

        gets = [request for request in self.proxy.requests if request.method == "GET" and "/in/" in request.path]
        self.assertTrue(all("if-match" in request.headers for request in gets), "each is of what was found")
        big_parts = [request for request in gets if "big.json" in request.path]
        self.assertLess(len(big_parts), 20, "a range is one request")
        sizes = []
        for request in gets:
            first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["range"]).groups())
            sizes.append(last + 1 - first)
        self.assertLess(max(sizes), 5 << 20)
        self.assertGreater(max(request.together for request in gets), 2)
        # Once for its rows and once for its hash, and little more to find out what it is.
        of_big = sum(size for size, request in zip(sizes, gets) if "big.json" in request.path)
        self.assertLess(of_big, 2.2 * len(big))

    def test_one_object_markers_and_what_is_not_there(self):
        self.upload(self.export, "raw")
        self.put("raw/_SUCCESS", b"")
        self.put("raw/customer/", b"")
        customers = next(path for path in self.export.rglob("*") if path.is_file() and "customer" in str(path))
        key = f"raw/{customers.relative_to(self.export).as_posix()}"
        said = self.run_lake(f"s3://{BUCKET}/{key}", "--out", "one")
        self.assertIn("customer_landing", said)
        said = self.run_lake(f"s3://{BUCKET}/raw", "--out", "lake", "--strict")
        self.assertIn("skipped (marker)", said)
        for address in [f"s3://{BUCKET}/ra", f"s3://{BUCKET}/raw/none", f"s3://{BUCKET}/{key}/"]:
            said = self.call("run", address, "--out", "lake", code=2)
            self.assertIn("there is no object of this name, and none below it", said)
        said = self.call("run", "s3://no-such-bucket/raw", "--out", "lake", code=1)
        self.assertIn("cannot list s3://no-such-bucket/raw", said)
        self.assertIn("NoSuchBucket", said)
        said = self.call("run", "s3:///raw", "--out", "lake", code=2)
        self.assertIn("no bucket is named", said)

    def test_an_object_that_changes_while_it_is_read_is_refused(self):
        self.upload(self.export, "raw")
        key = next(key for key in self.keys("raw/") if "step" in key)
        # What it is was found out by the first request.
        self.fault("HEAD", "/raw", "call", action=lambda: None)
        first = self.fault("GET", key, "call", action=lambda: None)
        self.fault("GET", key, "call", action=lambda: self.put(key, b'{"email":"other"}\n'))
        said = self.run_lake(f"s3://{BUCKET}/raw", "--out", "lake", code=1)
        self.assertIn("it has changed since it was found", said)
        self.assertEqual(first.met, 1)
        self.assertFalse((self.folder / "lake").exists())

    def test_addresses_are_refused_by_name_where_they_are_not_read(self):
        for words in [
            ["erase", f"s3://{BUCKET}/lake", "--withdrawals", "list"],
            ["diff", f"s3://{BUCKET}/lake", "lake"],
            ["run", self.export, "--out", "lake", "--withdrawals", f"s3://{BUCKET}/list"],
        ]:
            self.assertIn("neither read nor written in this place", self.call(*words, code=2))
        said = self.call("run", "ftp://host/raw", "--out", "lake", code=2)
        self.assertIn("ftp:// is neither read nor written", said)
        self.assertEqual(self.proxy.requests, [])
        # No server is asked before the credentials are found wanting.
        nowhere = {"GOOGLE_SERVICE_ACCOUNT_PATH": str(self.folder / "none")}
        said = self.call("run", "gs://bucket/raw", "--out", "lake", code=2, **nowhere)
        self.assertIn("gs://bucket", said)


class Said(StoreTest):
    def test_what_is_said_of_s3_works(self):
        """The first script of docs/s3.md."""
        text = (Path(__file__).parents[2] / "docs/s3.md").read_text()
        script = re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1]
        (self.folder / "stedi-lakehouse").symlink_to(PROGRAM)
        self.client.create_bucket(Bucket="my-bucket")
        for path in self.export.rglob("*.json"):
            for prefix in ("exports", "new"):
                self.client.upload_file(str(path), "my-bucket", f"{prefix}/{path.relative_to(self.export)}")
        said = self.shell("\n".join(line for line in script.splitlines() if not line.startswith("export ")))
        self.assertIn("Nothing differs.", said)
        history = self.client.get_object(Bucket="my-bucket", Key="stedi/history.json")["Body"].read()
        self.assertEqual(len(json.loads(history)["versions"]), 2)

    def test_the_environment_has_the_credentials_and_the_help_names_addresses(self):
        self.upload(self.export, "raw")
        command = ["run", f"s3://{BUCKET}/raw", "--out", "lake", "--key-file", self.key]
        said = self.call(*command, AWS_SKIP_SIGNATURE="true", code=1)
        self.assertIn("403 Forbidden", said)
        self.assertTrue(all("authorization" not in request.headers for request in self.proxy.requests))
        self.proxy.clear()
        said = self.call(*command)
        self.assertNotIn("AWS_ACCESS_KEY_ID", said)
        self.assertTrue(all("test/" in request.headers["authorization"] for request in self.proxy.requests))
        self.assertIn("s3://BUCKET/PREFIX", self.call("run", "--help"))
