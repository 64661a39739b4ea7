"""The rooms stand in the order of the data; imports go one way and through front doors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# The order, written once. A room may import from the rooms to its left.
ORDER = (
    "clinic", "page", "history", "measure", "simulate", "model", "staff", "timetable", "voice", "web",
    "commands", "__main__",
)

SOURCE = Path(__file__).parents[2] / "src" / "careload"


class Import(NamedTuple):
    room: str  # the importing room, or "" for the package's own front door
    module: str  # what is imported, in full
    line: int


def test_imports_go_one_way() -> None:
    backward = [
        f"{path}:{found.line}: {found.room} imports {found.module}"
        for path, found in _imports_of_the_package()
        if (room := _room(found.module)) and found.room and ORDER.index(room) > ORDER.index(found.room)
    ]
    assert not backward, f"a room imports only from rooms before it in {ORDER}"


def test_imports_go_through_front_doors() -> None:
    through_walls = [
        f"{path}:{found.line}: {found.module}"
        for path, found in _imports_of_the_package()
        if _room(found.module) != found.room and found.module.count(".") > 1 and not _inner_room(found)
    ]
    assert not through_walls, "write `from careload.ROOM import NAME`, never `from careload.ROOM.module`"


def test_every_folder_is_a_room_with_a_sign() -> None:
    folders = [path for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert {folder.name for folder in folders} <= set(ORDER)
    for folder in folders:
        sign = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert "?" in sign.splitlines()[0], f"{folder.name}: a room's sign begins with its question"
        assert "Takes" in sign, f"{folder.name}: what it takes"
        assert "Gives" in sign or "gives" in sign, f"{folder.name}: what it gives"


def test_the_check_sees_a_wrong_import() -> None:
    wrong = "from careload.measure import Measurement\nfrom ..history import Records\nimport careload.web\n"
    found = list(_imports("clinic", "careload.clinic", wrong))
    assert [one.module for one in found] == ["careload.measure", "careload.history", "careload.web"]


def _imports_of_the_package() -> Iterator[tuple[str, Import]]:
    for path in sorted(SOURCE.rglob("*.py")):
        inside = path.relative_to(SOURCE)
        room = inside.parts[0].removesuffix(".py")
        package = ".".join(("careload", *inside.parent.parts))
        for found in _imports("" if room == "__init__" else room, package, path.read_text(encoding="utf-8")):
            yield inside.as_posix(), found


def _imports(room: str, package: str, source: str) -> Iterator[Import]:
    """Every import of careload in `source`, also those inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            whole = ".".join([*above, *([node.module] if node.module else [])])
            # `from careload import history` names a room, `from careload.history import read` a thing in it
            modules = [f"careload.{alias.name}" for alias in node.names] if whole == "careload" else [whole]
        else:
            continue
        for module in modules:
            if module.split(".")[0] == "careload":
                yield Import(room, module, node.lineno)


def _inner_room(found: Import) -> bool:
    """Commands may use the door of a room within a room: a folder with a sign of its own."""
    folder = SOURCE.joinpath(*found.module.split(".")[1:])
    return found.room in ("commands", "__main__") and (folder / "__init__.py").exists()


def _room(module: str) -> str:
    """The room of `module`, "" when it is the package's own front door."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ORDER else ""

