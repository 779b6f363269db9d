"""Generate the clients from docs/openapi.yaml: `python -m ops.generate_clients`, or with `--check` only compare.

Each client has a function that writes its generated files below a folder; `CLIENTS` names where they belong. Files that
are written by hand lie beside them and are left alone.
"""

import argparse
import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[1]
SCHEMA: Final = ROOT / "docs" / "openapi.yaml"
# Operations that no app calls: providers' webhooks, monitors, and the links of the embedded store.
NOT_OF_CLIENTS: Final = {"health", "storage", "webhooks"}
# Media types of answers that are files: read as bytes.
_FILES: Final = ("application/pdf", "image/png", "image/svg+xml")
PYTHON_CONFIG: Final = {
    "content_type_overrides": dict.fromkeys(_FILES, "application/octet-stream"),
    "post_hooks": [
        "ruff check . --isolated --fix-only --quiet --select=F401,I",
        "ruff format . --isolated --quiet --line-length=120",
    ],
}


@dataclass(frozen=True, slots=True)
class Client:
    folder: Path
    generated: tuple[str, ...]  # files and folders in it, which are replaced whole
    generate: Callable[[Path], None]  # writes them below the given folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a client differs from the schema")
    parser.add_argument("names", nargs="*", metavar="CLIENT", help="of: " + ", ".join(CLIENTS))
    options = parser.parse_args()
    differing = [name for name in options.names or CLIENTS if not _is_current(CLIENTS[name], replace=not options.check)]
    if differing and options.check:
        names = ", ".join(f"clients/{name}" for name in differing)
        print(f"{names}: not what docs/openapi.yaml generates. Run: make clients", file=sys.stderr)
    return int(options.check and bool(differing))


def _is_current(client: Client, *, replace: bool) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "client"
        client.generate(fresh)
        differing = [name for name in client.generated if not _same(client.folder / name, fresh / name)]
        for name in differing if replace else ():
            _replace(client.folder / name, fresh / name)
    return not differing


def _same(old: Path, new: Path) -> bool:
    files = list(_files(new))
    if list(_files(old)) != files:
        return False
    return all(filecmp.cmp(old / name, new / name, shallow=False) for name in files)


def _files(place: Path) -> Iterator[Path]:
    """Yield what lies there by relative path: "." for a file."""
    found = sorted(place.rglob("*")) if place.is_dir() else [place]
    yield from (path.relative_to(place) for path in found if path.is_file() and path.suffix != ".pyc")


def _replace(old: Path, new: Path) -> None:
    shutil.rmtree(old, ignore_errors=True)
    if new.is_dir():
        shutil.copytree(new, old)
    else:
        shutil.copyfile(new, old)


def _python(folder: Path) -> None:
    """Run openapi-python-client. Raises if it leaves an operation out."""
    schema, config = folder.with_name("schema.json"), folder.with_name("config.json")
    schema.write_text(json.dumps(_for_clients()))  # examples removed, and JSON: reading takes half of the time
    config.write_text(json.dumps(PYTHON_CONFIG))
    done = subprocess.run(  # noqa: S603 - our own files
        [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning",
         "--path", schema, "--config", config, "--output-path", folder],
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"openapi-python-client failed:\n{done.stdout}{done.stderr}")


def _for_clients() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.load(SCHEMA.read_bytes(), Loader=yaml.CSafeLoader)
    for path, operations in list(schema["paths"].items()):
        if any(NOT_OF_CLIENTS.intersection(operation["tags"]) for operation in operations.values()):
            del schema["paths"][path]
    del schema["components"]["examples"]
    for kind, shape in _bodies(schema["paths"]):
        shape.pop("example", None)
        shape.pop("examples", None)
        if kind in _FILES:
            shape["schema"] = {"type": "string", "format": "binary"}
    return schema


def _bodies(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the media type and the description of every body below a node."""
    if isinstance(node, dict):
        yield from node.get("content", {}).items()
        for child in node.values():
            yield from _bodies(child)


CLIENTS: Final = {
    "python": Client(
        folder=ROOT / "clients" / "python" / "maretech_client",
        generated=("api", "models", "client.py", "errors.py", "types.py"),
        generate=_python,
    ),
}

if __name__ == "__main__":
    raise SystemExit(main())
