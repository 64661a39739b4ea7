"""What the page tells, in order, before it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careload.clinic import plural
from careload.model.belief import LEVEL, NUMBER_OF_DRAWS, ORIGINS
from careload.model.fit import Model, about_forecasts
from careload.model.report.doubted import picture_of
from careload.model.report.figures import per_cent
from careload.model.report.followed import WeekByWeek, week_by_week
from careload.model.report.forecasts import Forecasts, forecasts_of
from careload.model.report.kept import Change, Kept, changes_of, kept_of
from careload.model.report.numbers import Part, parts_of, resting_table, words_table
from careload.model.report.otherwise import otherwise_table
from careload.model.report.picture import Picture
from careload.model.sensitivity import YEARS, Doubt
from careload.model.trust.hold_out import RUNS
from careload.page import DataTable, day, sentence


@dataclass(frozen=True)
class Story:
    """The whole page in the order in which it is read.

    where      what was fitted, in a few words
    sentences  what was fitted, to when; how many numbers rest on assumptions
    warnings   what must be known before anything else
    forecasts  None where nothing was held out
    weeks      the fit beside the records by week; None where nobody asked, or records are too short
    kept       None without ends of care
    changes    weeks in which the records change
    doubts     one picture for each main answer; none where nobody asked
    otherwise  of which numbers somebody says otherwise; None where nobody does
    resting    None where nothing rests on assumptions
    words      how many numbers are determined how well
    parts      every parameter
    made       term and text: how it was made
    """

    title: str
    where: str
    sentences: tuple[str, str]
    warnings: tuple[str, ...]
    forecasts: Forecasts | None
    weeks: WeekByWeek | None
    kept: Kept | None
    changes: Change
    otherwise: DataTable | None
    doubts: tuple[Picture, ...]
    years: int
    resting: DataTable | None
    words: DataTable
    parts: tuple[Part, ...]
    made: tuple[tuple[str, str], ...]


def tell(model: Model, doubts: Sequence[Doubt] = ()) -> Story:
    """The story of a fit."""
    held = model.hold_out if model.hold_out and model.hold_out.scored else None
    return Story(
        title=f"What the records say of {model.name}",
        where=model.name,
        sentences=(_fitted(model), _resting(model)),
        warnings=_warnings(model),
        forecasts=forecasts_of(held) if held else None,
        weeks=week_by_week(model.against) if model.against else None,
        kept=kept_of(model.books) if model.books else None,
        changes=changes_of(model.changes),
        otherwise=otherwise_table(model.beliefs),
        doubts=tuple(picture_of(each) for each in doubts),
        years=YEARS,
        resting=resting_table(model.not_identified, model.beliefs) if model.not_identified else None,
        words=words_table(model.beliefs),
        parts=parts_of(model.beliefs),
        made=tuple(_made(model)),
    )


def _fitted(model: Model) -> str:
    return f"A service fitted to the records “{model.name}” from {day(model.first)} to {day(model.as_of)}."


def _resting(model: Model) -> str:
    numbers, resting = sum(each.is_number for each in model.beliefs), len(model.not_identified)
    if not resting:
        return f"None of its {numbers:,} numbers rests on an assumption."
    rest = "rests on an assumption" if resting == 1 else "rest on assumptions"
    return f"Of its {numbers:,} numbers {resting:,} {rest}, not on these records."


def _warnings(model: Model) -> tuple[str, ...]:
    """Those of the fit and of its checks; a lost rival is among them whoever made the model."""
    lost = about_forecasts(model.hold_out) if model.hold_out else ()
    signs = [f"{each.found} {each.remedy}" for each in model.findings]
    return tuple(dict.fromkeys([*model.warnings, *signs, *lost]))


def _made(model: Model) -> list[tuple[str, str]]:
    held = model.hold_out
    forecast = (f"fitted up to {day(held.fitted_to)}, {RUNS} runs from {day(held.first)} over "
                f"{held.periods} times four weeks") if held else "nothing was held out"
    return [
        ("Records", model.name), ("Read", f"from {day(model.first)} to the end of {day(model.as_of)}"),
        ("Values", "; ".join(_origins(model))),
        ("Intervals", f"{per_cent(LEVEL)}, from {NUMBER_OF_DRAWS} draws of each parameter"),
        ("Hold-out", sentence(forecast)), ("Seed", f"{model.seed}"),
    ]


def _origins(model: Model) -> list[str]:
    """How many values come from where."""
    found = []
    for origin, words in ORIGINS.items():
        many = sum(each.origin == origin for each in model.beliefs)
        if many:
            found.append(f"{many:,} {plural(many, 'values')} {words}")
    return found
