"""How many patients can a clinic promise to see? M/D/1, M/M/1/K with no-shows that rebook, overflow.

The backlog is one queue before one server that offers `slots_per_day`; a panel of N patients who each ask for
a visit with probability lambda a day makes lambda N arrivals a day.
"""

from __future__ import annotations

from careload.clinic.errors import UsageError
from careload.clinic.formulas.backlog import Backlog, birth_death
from careload.clinic.formulas.inputs import not_negative, part, positive, share, whole
from careload.clinic.formulas.no_show import NoShow, chances


def md1_queue(utilisation: float) -> float:
    """M/D/1: the mean number waiting for one server when every service takes equally long.

        Lq = rho^2 / (2 (1 - rho))          half of M/M/1

    utilisation  rho, arrivals / slots, at least 0 and below 1

    Gives people; the mean wait is Lq / arrivals. Raises UsageError outside the range.
    Source: textbooks (M), checked by the slot chain and by simulation (C).
    """
    part("utilisation", utilisation)
    return utilisation**2 / (2 * (1 - utilisation))


def mm1k(
    arrivals_per_day: float,
    slots_per_day: float,
    places: int,
    no_show: NoShow = 0.0,
    p_rebook: float = 1.0,
) -> Backlog:
    """M/M/1/K with no-shows that rebook: the law of the backlog.

        pi_k = pi_0 prod_{i=1..k} lambda / (mu (1 - r gamma(i - 1)))

    arrivals_per_day  lambda, requests per day, above 0
    slots_per_day     mu, slots per day, above 0
    places            K, places in the calendar, 1 or more; who finds it full is turned away
    no_show           gamma: a probability, or a function of the backlog left behind
    p_rebook          r, share of no-shows that ask again, 0 to 1

    Gives a `Backlog`. Raises UsageError for numbers outside these ranges and when at some backlog no visit is
    ever finished (r gamma = 1).
    Source: analogue of Green & Savin 2008, doi 10.1287/opre.1080.0575 (M). Near the panel at which it tips
    the mean depends on K, and the chain needs decades to get there: a warning, not a forecast.
    """
    positive("arrivals_per_day", arrivals_per_day, "requests per day")
    positive("slots_per_day", slots_per_day, "slots per day")
    share("p_rebook", p_rebook)
    missed = chances(no_show, whole("places", places, "people", 1) - 1)
    if max(missed) * p_rebook == 1:
        raise UsageError(
            "Every visit is missed and booked again.", "p_rebook times no_show below 1",
            "Lower one of the two.",
        )
    finished = [slots_per_day * (1 - p_rebook * chance) for chance in missed]
    return birth_death([arrivals_per_day] * places, finished)


def settles(
    arrivals_per_day: float, slots_per_day: float, no_show_late: float, p_rebook: float = 1.0
) -> bool:
    """Whether a backlog without limit comes to rest: lambda < mu (1 - r gamma_late).

    arrivals_per_day  lambda, requests per day, 0 or more
    slots_per_day     mu, slots per day, above 0
    no_show_late      probability of a no-show far ahead, 0 to 1
    p_rebook          r, share of no-shows that ask again, 0 to 1

    Gives true or false; raises UsageError for numbers outside these ranges.
    Source: as `mm1k` (C): its ratio of neighbouring probabilities must be below 1 in the end.
    """
    not_negative("arrivals_per_day", arrivals_per_day, "requests per day")
    positive("slots_per_day", slots_per_day, "slots per day")
    again = share("p_rebook", p_rebook) * share("no_show_late", no_show_late)
    return arrivals_per_day < slots_per_day * (1 - again)


def overflow_share(panel: float, visits_per_patient_day: float, slots_per_day: int) -> float:
    """The share of days on which more is asked than there are slots: P(D > slots), D Poisson(lambda N).

    panel                   N, patients, 0 or more
    visits_per_patient_day  lambda, visits asked for per patient and day, 0 or more
    slots_per_day           slots per day, 0 or more

    Gives a share of days. Raises UsageError for numbers outside these ranges.
    Source: definition Green, Savin & Murray 2007, Jt Comm J 33:211-8 (R, abstract); that D is Poisson is our
    choice, and no table of the paper was readable.
    """
    from scipy.special import pdtrc

    demand = not_negative("panel", panel, "patients") * not_negative(
        "visits_per_patient_day", visits_per_patient_day, "visits per patient and day"
    )
    return float(pdtrc(whole("slots_per_day", slots_per_day, "slots per day"), demand))


def largest_panel(visits_per_patient_day: float, slots_per_day: int, max_overflow: float) -> int:
    """The largest panel N with P(D(N) > slots) <= `max_overflow`.

    visits_per_patient_day  lambda, visits asked for per patient and day, above 0
    slots_per_day           slots per day, 0 or more
    max_overflow            highest share of days with more asked than offered, at least 0 and below 1

    Gives patients. Raises UsageError for numbers outside these ranges.
    Source: as `overflow_share`.
    """
    positive("visits_per_patient_day", visits_per_patient_day, "visits per patient and day")
    part("max_overflow", max_overflow)
    fits, too_many = 0, 1
    while overflow_share(too_many, visits_per_patient_day, slots_per_day) <= max_overflow:
        fits, too_many = too_many, 2 * too_many
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        over = overflow_share(middle, visits_per_patient_day, slots_per_day) > max_overflow
        fits, too_many = (fits, middle) if over else (middle, too_many)
    return fits
