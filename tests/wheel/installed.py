"""Builds the Python package for this machine, quickly, and installs it into an environment that has nothing else.

The tests import it from there, beside the readers of their own environment.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["STEDI_CLI"]

SCRATCH = Path(tempfile.mkdtemp(prefix="stedi-wheel-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def _install():
    subprocess.run([ROOT / "scripts" / "wheel.sh", SCRATCH / "wheel"], check=True, cwd=ROOT)
    (wheel,) = (SCRATCH / "wheel").glob("*.whl")
    environment = SCRATCH / "alone"
    # Without pip of its own, which takes longer than all else here.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pip = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install"]
    subprocess.run([*pip, "--quiet", "--disable-pip-version-check", "--no-index", wheel], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    return environment / "bin", packages


BIN, PACKAGES = _install()
sys.path.insert(0, str(PACKAGES))


def program(*arguments, program=PROGRAM, **options):
    """Calls the command line; the program of cargo's unless another is named."""
    words = [program, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)


def alone(code):
    """What a script prints where nothing but the package is installed."""
    words = [BIN / "python", "-I", "-W", "ignore", "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def sample(folder, scale="0.01", *flags):
    """A made-up export."""
    done = program("sample", "--scale", scale, "--out", folder, *flags)
    if done.returncode:
        raise AssertionError(done.stderr)
    return folder


def parquet(lake):
    """The tables of a lake on the disk, by path."""
    return {str(path.relative_to(lake)): path.read_bytes() for path in sorted(Path(lake).rglob("*.parquet"))}
