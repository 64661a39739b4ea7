"""What a standard says of these records: its verdict on the estimates as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from careload.clinic import Estimate
from careload.measure.result import Verdict
from careload.measure.verdicts import verdict
from careload.measure.view import View
from careload.measure.within import EXCEPTED, Judged, first_start

NO_ENDS = "It cannot be said, because the records do not tell whose care has ended."
AS_LATE = "Whoever finished counts as late here."
PLANNED_ONLY = "If only people with something planned count as waiting:"


def verdict_of(judged: Judged, view: View, published: Sequence[Estimate]) -> Verdict:
    """What the standard says, from the estimates as published (small cells hidden); of two bounds, both."""
    found = _of_all_bounds(judged, view, published)
    about = judged.standard.about if found.share is not None else ""
    return replace(found, because=f"{found.because} {about}".strip())


def _of_all_bounds(judged: Judged, view: View, published: Sequence[Estimate]) -> Verdict:
    labels = [told_as for told_as, _ in judged.readings] or [{}]
    found, *others = [_verdict(judged, told_as, view, published) for told_as in labels]
    for other in others:
        planned = f"{PLANNED_ONLY} {other.because}"
        if other.verdict == found.verdict:
            return replace(found, because=f"{found.because} {planned}")
        return replace(found, verdict="cannot be said", because=f"{found.because} {planned} {NO_ENDS}")
    if labels[0] and found.verdict == "misses":
        return replace(found, verdict="cannot be said", because=f"{found.because} {NO_ENDS} {AS_LATE}")
    return found


def _verdict(
    judged: Judged, told_as: Mapping[str, str], view: View, published: Sequence[Estimate]
) -> Verdict:
    labels = {"standard": judged.standard.id, **told_as}
    own = {
        estimate.statistic: estimate
        for estimate in published
        if estimate.measure == judged.measure and dict(estimate.by) == labels
    }
    excepted = "clinician_approved" in judged.standard.exceptions
    main = own.get(EXCEPTED if excepted and EXCEPTED in own else "share")
    raw = own.get("share")
    detail = ""
    if excepted and raw is not None and raw.value is not None:
        detail = f"Without approved exceptions the share is {100 * raw.value:.1f} %."
    empty = main is None or (not main.hidden and not main.n)
    missing = judged.missing or ("no wait in the records comes under the rule" if empty else "")
    return verdict(
        judged.standard,
        main.value if main else None,
        main.low if main else None,
        main.high if main else None,
        main.n if main else None,
        observed=judged.observed,
        first=first_start(judged.standard, view) if judged.readings else view.first_day,
        last=view.as_of,
        counted=main.counted if main else "waits",
        hidden=bool(main and main.hidden),
        missing=missing,
        detail=detail,
    )
