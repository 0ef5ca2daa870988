#!/usr/bin/env python3
"""Writes a CycloneDX bill of materials of each example, and checks it.

    tests/supply-chain/sbom.py [example ...]

`cargo cyclonedx` lists what all members of the workspace together make of their dependencies. An example alone takes
fewer, so what `cargo tree` does not know of it is taken out. The files go to `sbom/` of the target directory.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
FILE = "sbom-of-the-workspace"
SPEC = "1.5"


def cargo(*arguments: str) -> str:
    done = subprocess.run(["cargo", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"`cargo {' '.join(arguments)}` failed")
    return done.stdout


def examples() -> list[dict]:
    members = json.loads(cargo("metadata", "--locked", "--no-deps", "--format-version", "1"))["packages"]
    return [it for it in members if Path(it["manifest_path"]).parent.parent == ROOT / "examples"]


def crates(package: str) -> set[tuple[str, str]]:
    """What is compiled for a package alone with all its features, for any platform, tests left out."""
    lines = cargo("tree", "--locked", "--package", package, "--all-features", "--target", "all",
                  "--edges", "normal,build", "--prefix", "none", "--format", "{p}").splitlines()
    return {(name, version) for name, version in re.findall(r"^(\S+) v(\S+)", "\n".join(lines), re.M)}


def narrowed(bom: dict, wanted: set[tuple[str, str]]) -> dict:
    """The bill without components that are not wanted, and without the path of this machine."""
    bom["components"] = [it for it in bom["components"] if (it["name"], it["version"]) in wanted]
    known = {it["bom-ref"] for it in [bom["metadata"]["component"], *bom["components"]]}
    bom["dependencies"] = [
        {**it, "dependsOn": [ref for ref in it.get("dependsOn", []) if ref in known]}
        for it in bom["dependencies"] if it["ref"] in known
    ]
    return json.loads(json.dumps(bom).replace(f"file://{ROOT}", "file://."))


def problems(bom: dict, package: str, wanted: set[tuple[str, str]]) -> list[str]:
    """What is missing in a bill of materials."""
    top, listed = bom["metadata"]["component"], bom["components"]
    found = {(it["name"], it["version"]) for it in [top, *listed]}
    refs = {it["bom-ref"] for it in [top, *listed]}
    said = [
        (bom.get("bomFormat") == "CycloneDX" and bom.get("specVersion") == SPEC, f"it is not CycloneDX {SPEC}"),
        (top["name"] == package, f"it is about `{top['name']}`"),
        ("mcp-core" in {name for name, _ in found}, "`mcp-core` is missing"),
        (found == wanted, f"it and `cargo tree` differ in {sorted(found ^ wanted)}"),
        (refs == {it["ref"] for it in bom["dependencies"]}, "components and dependencies differ"),
    ]
    for it in listed:
        said.append((it.get("licenses"), f"`{it['name']}` has no licence"))
        ours = it["bom-ref"].startswith("path+")
        said.append((ours or it.get("hashes"), f"`{it['name']}` has no checksum"))
    return [problem for holds, problem in said if not holds]


def main() -> None:
    packages = {it["name"]: Path(it["manifest_path"]).parent for it in examples()}
    unknown = set(sys.argv[1:]) - set(packages)
    if unknown or not packages:
        sys.exit(f"no such example: {sorted(unknown)}; there are {sorted(packages)}")
    chosen = sys.argv[1:] or sorted(packages)
    try:
        # It writes a file beside each manifest of the workspace.
        cargo("cyclonedx", "--format", "json", "--spec-version", SPEC, "--target", "all", "--all-features",
              "--override-filename", FILE, "--quiet")
        out = TARGET / "sbom"
        out.mkdir(parents=True, exist_ok=True)
        failed = False
        for package in chosen:
            wanted = crates(package)
            bom = narrowed(json.loads((packages[package] / f"{FILE}.json").read_text()), wanted)
            file = out / f"{package}.cdx.json"
            file.write_text(json.dumps(bom, indent=1, sort_keys=True) + "\n")
            wrong = problems(json.loads(file.read_text()), package, wanted)
            failed |= bool(wrong)
            print(f"{package}: {len(bom['components'])} components, {file}")
            for problem in wrong:
                print(f"  {problem}")
        sys.exit(failed)
    finally:
        for member in json.loads(cargo("metadata", "--locked", "--no-deps", "--format-version", "1"))["packages"]:
            (Path(member["manifest_path"]).parent / f"{FILE}.json").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
