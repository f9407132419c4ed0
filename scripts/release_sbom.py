"""Writes what the released files are made of, as CycloneDX 1.6: release_sbom.py FILE TARGET...

Crates that are linked, for the targets of the program, those of the Python package (linux-gnu) and the page, and npm
packages that the page's scripts import. Not the tools that build them. The same commit gives the same bytes: the serial number is derived from the
content and the time is that of the commit (SOURCE_DATE_EPOCH).
"""

import base64
import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from datetime import datetime, timezone
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
WASM = "wasm32-unknown-unknown"
LICENCES = LicenseFactory()


def component(kind, name, version, licence, hashes):
    group, _, plain = name.rpartition("/")
    purl = PackageURL(kind, group or None, plain, version)
    licences = [LICENCES.make_from_string(licence)] if licence else []
    about = {"name": name, "version": version, "licenses": licences, "hashes": hashes}
    return Component(type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl), **about)


def crates(manifest, target, features):
    """Packages that a crate links on a target, and what each links, by their ids."""
    call = ["cargo", "metadata", "--locked", "--format-version=1", f"--manifest-path={manifest}"]
    call += [f"--filter-platform={target}", f"--features={features}"]
    metadata = json.loads(subprocess.check_output(call, cwd=ROOT))
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    links, open_ids = {}, [metadata["resolve"]["root"]]
    while open_ids:
        at = open_ids.pop()
        if at not in links:
            # Those of another kind are for development or for building.
            linked = (dep for dep in nodes[at]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"]))
            links[at] = [dep["pkg"] for dep in linked]
            open_ids.extend(links[at])
    return packages, links


def checksums():
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}


def add_crates(bom, root, targets):
    known, sums = {}, checksums()
    # The features are those of release_program.sh and wheel.sh.
    def call(target):
        manifest = "python/Cargo.toml" if "linux-gnu" in target else "Cargo.toml"
        return manifest, target, "page,object-store,mimalloc" if "musl" in target else "page,object-store"

    calls = [call(target) for target in targets]
    for manifest, target, features in [*calls, ("Cargo.toml", WASM, ""), ("query/Cargo.toml", WASM, "")]:
        packages, links = crates(manifest, target, features)
        for at in links:
            package = packages[at]
            if package["source"] is None:
                known[at] = root
            elif at not in known:
                checksum = sums[package["name"], package["version"]]
                hashes = [HashType(alg=HashAlgorithm.SHA_256, content=checksum)]
                # A slash is how older manifests write OR.
                licence = (package["license"] or "").replace("/", " OR ")
                known[at] = component("cargo", package["name"], package["version"], licence, hashes)
                bom.components.add(known[at])
        for at, linked in links.items():
            bom.register_dependency(known[at], [known[other] for other in linked if known[other] is not known[at]])


def imported():
    """Names of the packages that the page's scripts import."""
    found = set()
    for file in (ROOT / "www").rglob("*.js"):
        if "pkg" not in file.relative_to(ROOT / "www").parts:
            names = re.findall(r"(?:from|import) '((?:@[\w-]+/)?[\w-]+)[^']*'", file.read_text())
            found.update(names)
    styles = (file.read_text() for file in (ROOT / "www").rglob("*.css"))
    found.update(name for text in styles for name in re.findall(r"@import '((?:@[\w-]+/)?[a-z][\w-]+)/", text))
    return found


def add_npm(bom, root):
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    known, open_names = {}, sorted(imported())
    first = list(open_names)
    while open_names:
        name = open_names.pop()
        if name not in known:
            package = lock[f"node_modules/{name}"]
            content = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
            hashes = [HashType(alg=HashAlgorithm.SHA_512, content=content)]
            known[name] = component("npm", name, package["version"], package.get("license"), hashes)
            bom.components.add(known[name])
            open_names.extend(package.get("dependencies", {}))
    bom.register_dependency(root, [known[name] for name in first])
    for name, one in known.items():
        bom.register_dependency(one, [known[other] for other in lock[f"node_modules/{name}"].get("dependencies", {})])


def main(file, *targets):
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
    bom = Bom()
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    root = component("generic", manifest["name"], manifest["version"], manifest["license"], [])
    root.type = ComponentType.APPLICATION
    bom.metadata.component = root
    add_crates(bom, root, targets)
    add_npm(bom, root)
    # Of what is in it: a random one would differ from build to build.
    names = ",".join(sorted(str(one.purl) for one in bom.components))
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{root.purl} {bom.metadata.timestamp} {names}")
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"sbom: not CycloneDX: {error}")
    Path(file).write_text(text + "\n")
    print(f"sbom: {len(bom.components)} components in {file}")


if __name__ == "__main__":
    main(*sys.argv[1:])
