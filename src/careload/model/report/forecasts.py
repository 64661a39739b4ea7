"""How well it forecasts: each measure against what happened, and against three naive rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import LEVEL
from careload.model.report.bands import Band, draw_band
from careload.model.report.figures import ends, per_cent, rounded
from careload.model.report.picture import Picture
from careload.model.trust.hold_out import HoldOut, Scored
from careload.model.trust.periods import DAYS, WEEKS
from careload.page import NOT_A_NUMBER, Cell, Column, DataTable, day, listed, sentence

TITLES = {
    "visits": "visits per week", "no_shows": "no-shows per week", "caseload": "patients in care",
    "return_interval": "days between visits", "intake_wait": "days to a first visit",
    "leavers": "clinicians who leave in four weeks",
}
OF_CLINICIANS = ("leavers",)
INTERVALS = f"{per_cent(LEVEL)} intervals"
RIVALS = {
    "last value": "as in the last four weeks", "same season": "as a year before",
    "straight line": "a straight line drawn on",
}
SCORE = (
    "Score: how far a forecast was from what happened, in the unit of the row; how sure it was counts too "
    "(CRPS). Less is better. The three beside this fit are naive: what anyone could say without a model. Off "
    "by: the mean of the middle of the forecast less what happened."
)


@dataclass(frozen=True)
class Forecasts:
    """The section: what was done, what came out of it, the scores, a picture of each measure."""

    how: str
    outcome: str
    scores: DataTable
    pictures: tuple[Picture, ...]


def forecasts_of(found: HoldOut) -> Forecasts:
    """The section of a hold-out that scored something."""
    pictures = tuple(_picture(each, found.first) for each in found.scored)
    return Forecasts(_how(found), outcome_of(found.scored), _scores(found.scored), pictures)


def title_of(measure: str) -> str:
    """A measure in words."""
    return TITLES.get(measure, measure.replace("_", " "))


def _how(found: HoldOut) -> str:
    weeks = found.periods * WEEKS
    return (f"The service was fitted once more, to the records up to {day(found.fitted_to)} alone, and run "
            f"from there over the {weeks} weeks after. What happened in them that fit had not seen. Its band "
            f"should hold what happened {per_cent(LEVEL)} of the time.")


def outcome_of(scored: Sequence[Scored]) -> str:
    """Whom the forecasts beat, and whom not; how often the intervals held."""
    lost = [title_of(each.measure) for each in scored if each.lost_to]
    won = [title_of(each.measure) for each in scored if not each.lost_to]
    known = sum(_known(each) for each in scored)
    held = sum(round(each.held * _known(each)) for each in scored)
    parts = [f"Better than all three naive forecasts: {listed(won)}."] * bool(won)
    parts += [f"Worse than a naive forecast: {listed(lost)}."] * bool(lost)
    parts += [f"Of {known} figures the {INTERVALS} held {held} ({per_cent(held / known)})."]
    return " ".join(parts)


def _known(each: Scored) -> int:
    """In how many periods something happened that can be set against the forecast."""
    return int(np.isfinite(each.happened).sum())


def _scores(scored: Sequence[Scored]) -> DataTable:
    columns = [Column("forecast of"), Column("this fit, score", True)]
    columns += [Column(f"{words}, score", True) for words in RIVALS.values()]
    columns += [Column(f"held by the {INTERVALS}", True), Column("off by", True)]
    return DataTable("Scores of this fit and of three naive forecasts", tuple(columns),
                     tuple(_score_row(each) for each in scored), SCORE)


def _score_row(each: Scored) -> tuple[Cell, ...]:
    known = _known(each)
    held = f"{round(each.held * known)} of {known}"
    texts = [sentence(title_of(each.measure)), rounded(each.score), *(_rival(each, name) for name in RIVALS),
             held, _off_by(each)]
    return tuple(Cell(text, hidden=text == NOT_A_NUMBER) for text in texts)


def _rival(each: Scored, name: str) -> str:
    """The score of a rival, and whether it is better; "not known" of one that could forecast nothing."""
    return f"{rounded(each.rivals.get(name, np.nan))}{', better' if name in each.lost_to else ''}"


def _off_by(each: Scored) -> str:
    """How much too high or too low; hidden where it would tell a hidden count."""
    if each.small.any():
        return NOT_A_NUMBER
    size = rounded(abs(each.error))
    return "0" if size == "0" else f"{size} too {'high' if each.error > 0 else 'low'}"


def _picture(each: Scored, first: date) -> Picture:
    days = [first + timedelta(days=DAYS * place) for place in range(len(each.happened))]
    shown = np.where(each.small, np.nan, each.happened)
    band = Band(days, shown, each.middle, each.low, each.high, each.unit)
    title, says = sentence(title_of(each.measure)), _says(each)
    return Picture(
        f"forecast-{each.measure}", title, says, lambda width: draw_band(band, width, f"{title}. {says}"),
        (_happened(each, days),), "clinicians" if each.measure in OF_CLINICIANS else "patients",
    )


def _says(each: Scored) -> str:
    known, small = _known(each), int(each.small.sum())
    parts = [f"The band held what happened in {round(each.held * known)} of {known} times four weeks."]
    if each.lost_to:
        better = listed([f"“{RIVALS[name]}”" for name in each.lost_to])
        parts.append(f"A naive forecast is better: {better}.")
    if small:
        parts.append(f"Counts of fewer than {SMALLEST_GROUP} are hidden.")
    return " ".join(parts)


def _happened(each: Scored, days: Sequence[date]) -> DataTable:
    names = ("four weeks from", "happened", "forecast, middle", INTERVALS, "held")
    columns = tuple(Column(name, place > 0) for place, name in enumerate(names))
    rows = tuple(_happened_row(each, place, first) for place, first in enumerate(days))
    return DataTable(f"{sentence(title_of(each.measure))}: forecast and what happened", columns, rows)


def _happened_row(each: Scored, place: int, first: date) -> tuple[Cell, ...]:
    happened, middle, low, high = (
        float(own[place]) for own in (each.happened, each.middle, each.low, each.high))
    small = bool(each.small[place])
    held = "yes" if low <= happened <= high else "no"
    seen = [NOT_A_NUMBER] * 2 if small else [rounded(happened), held if np.isfinite(happened) else ""]
    texts = (day(first), seen[0], rounded(middle), ends(low, high), seen[1])
    return tuple(Cell(text, hidden=text == NOT_A_NUMBER) for text in texts)
