#!/usr/bin/env python3
"""Compares the names of everything that is public in the libraries with the lists beside this file.

    tests/api/public_api.py            fails where they differ
    tests/api/public_api.py write      makes the lists anew, after a change that is meant

Whether a change of a type or a trait breaks callers is for `cargo semver-checks`. A list shows in the review of a
change what it adds and takes away, and that nothing became public by accident.
"""

import difflib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PACKAGES = ["mcp-core", "mcp-fargate-adapter", "mcp-lambda-adapter"]

# The oldest supported Rust. What rustdoc writes for programs changes with each release, so one release writes it.
RUST = "1.88.0"


def installed() -> bool:
    try:
        return subprocess.run(["rustup", "run", RUST, "rustdoc", "--version"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def rustdoc(package: str) -> dict:
    """What rustdoc knows of a package with all features."""
    target = TARGET / "api"
    command = ["cargo", "rustdoc", "--quiet", "--locked", "--package", package, "--lib", "--all-features", "--",
               "-Zunstable-options", "--output-format=json", "--cap-lints=allow"]
    # Only nightly compilers write JSON, unless they are told to.
    environment = {"RUSTC_BOOTSTRAP": "1", "RUSTUP_TOOLCHAIN": RUST, "CARGO_TARGET_DIR": str(target)}
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | environment)
    return json.loads((target / "doc" / f"{package.replace('-', '_')}.json").read_text())


class Names:
    """The public names of one crate, found from its root."""

    def __init__(self, crate: dict) -> None:
        self.index = crate["index"]
        self.paths = crate["paths"]
        self.found: set[str] = set()
        root = self.item(crate["root"])
        self.walk(root, "", root["name"], set())

    def item(self, number: int) -> dict | None:
        return self.index.get(str(number))

    def below(self, numbers: list, path: str, above: set) -> None:
        for number in numbers:
            # A private field of a tuple has none.
            item = self.item(number) if number is not None else None
            if item and item["name"]:
                self.walk(item, path, item["name"], above)
            elif item:
                self.walk(item, path, "", above)

    def walk(self, item: dict, path: str, name: str, above: set) -> None:
        (kind, inner), = item["inner"].items()
        here = f"{path}::{name}" if path else name
        if item["id"] in above:
            return
        above = above | {item["id"]}
        if kind == "use":
            self.reexport(inner, path, above)
            return
        if kind == "impl":
            self.implementation(inner, path, above)
            return
        # Members of traits and enums are as public as these.
        if item["visibility"] not in ("public", "default"):
            return
        self.found.add(f"{kind} {here}")
        if kind == "module":
            self.below(inner["items"], here, above)
        elif kind == "trait":
            self.below(inner["items"], here, above)
        elif kind in ("struct", "enum", "union"):
            self.below(inner.get("variants", []), here, above)
            self.below(inner.get("fields", []), here, above)
            shape = inner.get("kind")
            if isinstance(shape, dict):
                fields = shape["tuple"] if "tuple" in shape else shape["plain"]["fields"]
                self.below(fields, here, above)
            self.below(inner["impls"], here, above)
        elif kind == "variant" and isinstance(inner["kind"], dict):
            shape = inner["kind"]
            self.below(shape["tuple"] if "tuple" in shape else shape["struct"]["fields"], here, above)

    def reexport(self, use: dict, path: str, above: set) -> None:
        target = self.item(use["id"]) if use["id"] is not None else None
        if target is None:
            self.found.add(f"use {path}::{use['name']}")
        elif use["is_glob"]:
            (_, inner), = target["inner"].items()
            self.below(inner.get("items", inner.get("variants", [])), path, above)
        else:
            self.walk(target, path, use["name"], above)

    def implementation(self, impl: dict, path: str, above: set) -> None:
        if impl["is_synthetic"] or impl["blanket_impl"] is not None:
            return
        if impl["trait"] is None:
            self.below(impl["items"], path, above)
        elif impl["trait"]["path"] != "StructuralPartialEq":
            self.found.add(f"impl {impl['trait']['path']} for {path}")


def main() -> None:
    write = sys.argv[1:] == ["write"]
    differs = False
    if not installed():
        print(f"NOT RUN: names of public items: `rustup toolchain install {RUST} --profile minimal` is missing")
        return
    for package in PACKAGES:
        names = "".join(f"{line}\n" for line in sorted(Names(rustdoc(package)).found))
        file = Path(__file__).with_name(f"{package}.txt")
        if write:
            file.write_text(names)
        before = file.read_text() if file.exists() else ""
        difference = list(difflib.unified_diff(before.splitlines(), names.splitlines(), file.name, "now", lineterm="", n=0))
        print(f"{package}: {len(names.splitlines())} public names", *difference, sep="\n")
        differs |= bool(difference)
    if differs:
        sys.exit("If that is meant: tests/api/public_api.py write")


if __name__ == "__main__":
    main()
