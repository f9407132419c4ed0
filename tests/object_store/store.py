"""What the tests share: a server that speaks S3, the program under test, and made-up exports."""

import json
import logging
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from fault_proxy import Fault, Proxy

PROGRAM = os.environ["STEDI_CLI"]
BUCKET = "exports"
# How long the program waits for an answer.
PATIENCE = 2


class StoreTest(unittest.TestCase):
    """Each test has its own bucket and folder; a class has its server and its export."""

    @classmethod
    def setUpClass(cls):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        cls.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.proxy = Proxy(*cls.server.get_host_and_port())
        cls.addClassCleanup(cls.proxy.close)
        host, port = cls.server.get_host_and_port()
        cls.client = boto3.client(
            "s3",
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
        )
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.export = Path(scratch.name) / "export"
        subprocess.run([PROGRAM, "sample", "--scale", "0.01", "--out", cls.export], check=True, capture_output=True)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.key = self.folder / "key"
        self.key.write_text("key of the test")
        self.client.create_bucket(Bucket=BUCKET)
        self.addCleanup(self.remove_bucket)
        self.proxy.clear()

    def remove_bucket(self):
        # What nobody waited for any more may still be written.
        self.proxy.wait()
        for key in self.keys():
            self.client.delete_object(Bucket=BUCKET, Key=key)
        self.client.delete_bucket(Bucket=BUCKET)

    def keys(self, prefix=""):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def put(self, key, body):
        self.client.put_object(Bucket=BUCKET, Key=key, Body=body)

    def get(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def upload(self, folder, prefix):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def objects(self, prefix):
        return {key.removeprefix(f"{prefix}/"): self.get(key) for key in self.keys(f"{prefix}/")}

    def call(self, *words, code=0, **environment):
        """Calls the program, which finds the server in its environment alone, and gives what it says."""
        words = [PROGRAM, *map(str, words)]
        done = self.process(words, environment)
        self.assertEqual(done.returncode, code, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def shell(self, script):
        """Runs a script that calls the program by its name."""
        done = self.process(["sh", "-eu", "-c", script], {"PATH": f"{self.folder}:{os.environ['PATH']}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout + done.stderr

    def process(self, words, environment):
        environment = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.folder),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.proxy.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_TIMEOUT": f"{PATIENCE}s",
            **environment,
        }
        return subprocess.run(words, capture_output=True, text=True, env=environment, cwd=self.folder, timeout=300)

    def run_lake(self, *words, **environment):
        return self.call("run", *words, "--key-file", self.key, **environment)

    def local_lake(self, *options):
        """The lake of the same export by files of this machine."""
        lake = self.folder / "local"
        self.call("run", self.export, "--out", lake, "--key-file", self.key, *options)
        return lake

    def tables_of(self, lake):
        """The files of tables, logs included, by their paths: of a folder, or of a prefix."""
        if isinstance(lake, Path):
            files = {str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*") if path.is_file()}
        else:
            files = self.objects(lake)
        return {path: text for path, text in files.items() if path.endswith(".parquet") or "_delta_log" in path}

    def report_of(self, prefix):
        return json.loads(self.get(f"{prefix}/report.json"))

    def fault(self, *words, **more):
        """A fault that the test must meet: it fails if that did not happen."""
        fault = Fault(*words, **more)
        self.proxy.faults.append(fault)
        self.addCleanup(lambda: self.assertEqual(fault.met, fault.times, f"met {fault.met} times: {fault}"))
        return fault
