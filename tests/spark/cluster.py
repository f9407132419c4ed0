"""A Spark standalone cluster on loopback, one master and two workers, and what is submitted to it."""

import os
import re
import subprocess
import time
from pathlib import Path

ENVIRONMENT = Path(os.environ["STEDI_SPARK"])
# Where the project's Python package is, unpacked.
PACKAGE = os.environ["STEDI_PACKAGE"]
JOB = Path(__file__).parents[2] / "spark" / "lakehouse_job.py"
(HOME,) = ENVIRONMENT.glob("lib/python3*/site-packages/pyspark")
PYTHON = ENVIRONMENT / "bin" / "python"
ENVIRON = dict(
    os.environ,
    SPARK_HOME=str(HOME),
    SPARK_LOCAL_IP="127.0.0.1",
    # Of driver and executors.
    PYSPARK_PYTHON=str(PYTHON),
    PYTHONPATH=PACKAGE,
    # A job lives for seconds: the quick compiler is enough, and takes no core from the other JVMs.
    JAVA_TOOL_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
)

WORKERS = 2
START_SECONDS = 180


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        try:
            master = self.start("master", "master.Master", "--port", "0")
            self.url = self.logged(master, r"Starting Spark master at (spark://\S+)")
            for number in range(WORKERS):
                self.start(
                    f"worker-{number}",
                    *["worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", folder / f"work-{number}", self.url],
                )
            for number in range(WORKERS):
                self.logged(folder / f"worker-{number}.log", r"(Successfully registered with master)")
        except BaseException:
            self.stop()
            raise

    def start(self, name, program, *arguments):
        log = self.folder / f"{name}.log"
        loopback = ["--host", "127.0.0.1", "--webui-port", "0"]
        command = [HOME / "bin" / "spark-class", f"org.apache.spark.deploy.{program}", *loopback, *arguments]
        with log.open("w") as out:
            self.processes.append(subprocess.Popen(list(map(str, command)), env=ENVIRON, stdout=out, stderr=out))
        return log

    def logged(self, log, pattern):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if found := re.search(pattern, log.read_text()):
                return found[1]
            if any(process.poll() is not None for process in self.processes):
                break
            time.sleep(0.2)
        raise AssertionError(f"{log.name} does not say {pattern}:\n{log.read_text()}")

    def submit(self, *arguments, **more_settings):
        """Runs the job. Spark puts all that Python says on stdout, its own log on stderr."""
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.pyspark.python": PYTHON,
            "spark.sql.shuffle.partitions": 4,
            "spark.ui.enabled": "false",
            **more_settings,
        }
        flags = [flag for name, value in settings.items() for flag in ("--conf", f"{name}={value}")]
        command = [HOME / "bin" / "spark-submit", "--master", self.url, *flags, JOB, *arguments]
        return subprocess.run(list(map(str, command)), env=ENVIRON, capture_output=True, text=True)

    def stop(self):
        # Workers first: they end their executors.
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
