"""FHIR files to files of one resource per line, the one way in which they are read.

Bulk NDJSON is read where it lies. Single resources, arrays and Bundles are written as
lines into a private folder first; so is NDJSON with a byte order mark or with Bundles.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

LINES = (".ndjson", ".jsonl")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MANIFESTS = ("$bulk-publish", "manifest.json")
_TYPE = re.compile(r'"resourceType"\s*:\s*"([A-Za-z]+)"')
_BUNDLE = re.compile(rb'"resourceType"\s*:\s*"Bundle"')
_PATTERN = re.compile(r"[*?\[\]{}]")
_TARGET = re.compile(r'("reference":\s*)"([^"]+)"')


@dataclass
class Gathered:
    """What the files hold.

    lines      files of one resource per line, with the name each has in messages
    broken     pieces that are no JSON: (name of the file, line, resource type if it can still be told)
    not_fhir   names of JSON files without a FHIR resource
    announced  names of files that a manifest lists and that are not here
    empty      names of files in which nothing is
    """

    lines: dict[Path, str] = field(default_factory=dict)
    broken: list[tuple[str, int, str | None]] = field(default_factory=list)
    not_fhir: Counter[str] = field(default_factory=Counter)
    announced: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def gather(paths: list[Path], folder: Path) -> Gathered:
    """Sort `paths`; what is not one resource per line is written so into `folder`."""
    gathered = Gathered()
    with (folder / "resources.ndjson").open("w", encoding="utf-8") as lines:
        for path in sorted(paths):
            start = _start(path).strip()
            if path.name in MANIFESTS or not (_is_named_json(path) or start.startswith((b"{", b"["))):
                continue  # a manifest, a licence, a table of another kind
            if not start:
                gathered.empty.append(path.name)
            elif _is_plain_lines(path):
                gathered.lines[_literal(path, folder)] = path.name
            else:
                _unfold(path, lines, gathered)
    written = folder / "resources.ndjson"
    if written.stat().st_size:
        gathered.lines[written] = "JSON files"
    gathered.announced = _announced(paths)
    return gathered


def type_in(text: str) -> str | None:
    """The resource type that a piece of JSON names, even a broken one."""
    found = _TYPE.search(text)
    return found.group(1) if found else None


def open_text(path: Path) -> IO[str]:
    """The text of a file, plain or gzip, whatever byte order mark it has; bad bytes become U+FFFD."""
    encoding = next((name for mark, name in MARKS.items() if _start(path).startswith(mark)), "utf-8")
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding=encoding, errors="replace")
    return path.open(encoding=encoding, errors="replace")


def is_json(text: str) -> bool:
    """Whether `text` is one JSON value."""
    return _parsed(text) is not None or text.strip() == "null"


def _start(path: Path) -> bytes:
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        return file.read(4096)


def _literal(path: Path, folder: Path) -> Path:
    """`path`, or a link to it without the characters that DuckDB takes for a pattern."""
    if not _PATTERN.search(str(path)):
        return path
    link = folder / f"{len(list(folder.iterdir()))}.ndjson{'.gz' if path.suffix.lower() == '.gz' else ''}"
    link.symlink_to(path.absolute())
    return link


def _is_plain_lines(path: Path) -> bool:
    start = _start(path)
    if start.startswith(tuple(MARKS)) or _BUNDLE.search(start.split(b"\n")[0]):
        return False
    return _is_named_lines(path) or _has_whole_first_line(start)


def _is_named_lines(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith(LINES)


def _is_named_json(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith((*LINES, ".json"))


def _has_whole_first_line(start: bytes) -> bool:
    """A .json file that is NDJSON: its first line is a resource, and another line follows."""
    first, _, rest = start.lstrip().partition(b"\n")
    both = first.startswith(b"{") and rest.lstrip().startswith(b"{")
    return both and is_json(first.decode("utf-8", "replace"))


def _unfold(path: Path, lines: IO[str], gathered: Gathered) -> None:
    """Write every resource of a JSON file, or of each line of NDJSON, as a line."""
    with open_text(path) as file:
        pieces = enumerate(file, start=1) if _is_named_lines(path) else [(1, file.read())]
        for number, piece in pieces:
            if not piece.strip():
                continue
            resources = list(_resources(_parsed(piece)))
            if not is_json(piece):
                gathered.broken.append((path.name, number, type_in(piece)))
            elif not resources:
                gathered.not_fhir[path.name] += 1
            lines.writelines(json.dumps(resource) + "\n" for resource in resources)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _resources(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for item in content:
            yield from _resources(item)
    elif isinstance(content, dict) and content.get("resourceType") == "Bundle":
        yield from _of_bundle(content)
    elif isinstance(content, dict) and isinstance(content.get("resourceType"), str):
        yield content


def _of_bundle(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Entries with ids, and references among them by type and id instead of by fullUrl."""
    entries = [entry for entry in bundle.get("entry") or [] if isinstance(entry, dict)]
    known: dict[str, str] = {}
    for entry in entries:
        resource, url = entry.get("resource"), entry.get("fullUrl")
        if not isinstance(resource, dict) or not isinstance(url, str):
            continue
        resource.setdefault("id", re.split(r"[/:]", url)[-1])
        known[url] = f"{resource.get('resourceType')}/{resource['id']}"
    for entry in entries:
        for resource in _resources(entry.get("resource")):
            text = _TARGET.sub(lambda m: f'{m[1]}"{known.get(m[2], m[2])}"', json.dumps(resource))
            yield json.loads(text)


def _announced(paths: list[Path]) -> list[str]:
    """Files that a bulk manifest beside the records lists and that are not there."""
    here = {path.name.removesuffix(".gz") for path in paths}
    missing: list[str] = []
    for manifest in sorted({path.parent / name for path in paths for name in MANIFESTS}):
        if not manifest.is_file():
            continue
        content = _parsed(manifest.read_text(encoding="utf-8", errors="replace"))
        listed = content.get("output") if isinstance(content, dict) else None
        for item in listed if isinstance(listed, list) else []:
            name = str(item.get("url", "")).rpartition("/")[2] if isinstance(item, dict) else ""
            if name.endswith((".ndjson", ".gz")) and name.removesuffix(".gz") not in here:
                missing.append(name)
    return missing
