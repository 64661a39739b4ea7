"""Writes docs/measures.md from the definitions in src/careload/measure/definitions/*.toml.

    python scripts/measures_page.py
"""

from __future__ import annotations

from pathlib import Path

from careload.measure import Definition, definitions

PAGE = Path(__file__).parents[1] / "docs" / "measures.md"

HEAD = """\
# Measures

This page is made by `python scripts/measures_page.py` from the files in `src/careload/measure/definitions/`.
Whoever disagrees with a definition can point at its line there.

Choose some with `--only return_interval,overload`. A measure whose tables or columns the records do not
supply is listed as not measurable, with what is missing; `a or b` means that one of the two is enough. Every
figure comes with its 95 % interval, unless it is a complete count, and with how much was counted.
"""

SIDES = {"patients": "What patients get", "clinicians": "What clinicians carry"}
PROTECTION = {
    "patients": "fewer than 11 patients are hidden",
    "staff": "fewer than 11 staff are hidden",
    "posts": "fewer than 11 posts are hidden, or fewer than 5 where the group has agreed",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for side, title in SIDES.items():
        chosen = [each for each in definitions().values() if each.side == side]
        parts += [f"## {title}", "", _list(chosen), *(_section(each) for each in chosen)]
    return "\n".join(parts)


def _list(chosen: list[Definition]) -> str:
    rows = [f"| [{each.title}](#{each.name}) | {_needs(each)} | {each.unit} |" for each in chosen]
    return "\n".join(["| measure | needs | unit |", "|---|---|---|", *rows, ""])


def _section(each: Definition) -> str:
    facts = {
        "clock starts": each.clock_start,
        "clock stops": each.clock_stop,
        "left out": each.left_out,
        "where no ends of care are recorded": each.without_ends,
        "counted": f"{each.counted}; {PROTECTION[each.suppress]}",
        "source": each.source,
        "look at it again": each.next_review,
    }
    lines = [f"| {name} | {words.replace('|', '/')} |" for name, words in facts.items() if words]
    head = [f"### {each.name}", "", f"**{each.title}.** {each.why}", "", "| | |", "|---|---|"]
    return "\n".join([*head, *lines, ""])


def _needs(each: Definition) -> str:
    return ", ".join(" or ".join(f"`{one}`" for one in need.split("|")) for need in each.needs)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
