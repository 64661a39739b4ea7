"""The page of standards is the one its files make."""

import importlib.util
from pathlib import Path
from types import ModuleType

from careload.measure.standards import load_standards

ROOT = Path(__file__).parents[2]


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("standards_page", ROOT / "scripts" / "standards_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current() -> None:
    written = (ROOT / "docs" / "standards.md").read_text(encoding="utf-8")
    assert written == script().page(), "run: python scripts/standards_page.py"


def test_every_rule_shows_its_limit_and_its_mark() -> None:
    lines = (ROOT / "docs" / "standards.md").read_text(encoding="utf-8").splitlines()
    for rule in load_standards().values():
        (row,) = [line for line in lines if line.startswith(f"| `{rule.id}` |")]
        assert f"{rule.limit_words} ({rule.marks['limit']})" in row
        assert rule.citation in row
