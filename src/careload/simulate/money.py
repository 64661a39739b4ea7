"""What a service costs: pay, hiring, care bought outside; and what work done unpaid would have cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from careload.clinic import Service
from careload.simulate.kernel.records import FILLED, HIRED, ON_STRIKE, OUTSIDE, UNPAID_HOURS, Numbers
from careload.simulate.plan import WEEKS_A_YEAR, teams_by_site
from careload.simulate.summary import Totals

PAY, UNPAID, HIRING, OUTSIDE_CARE = range(4)
CURRENCY = "currency per year"


@dataclass(frozen=True)
class Prices:
    """What each thing costs, in the currency of the service file.

    post        (team): a post held, per year
    hour        (team): an hour, at the pay of the hours paid
    hire        (team): finding and training one clinician
    outside     (cell): a patient who is treated outside
    """

    post: Numbers
    hour: Numbers
    hire: Numbers
    outside: Numbers


def prices(service: Service) -> Prices:
    """The prices of a service, by team and cell as the plan numbers them."""
    teams = [service["team"][name] for name in teams_by_site(service)]
    professions = [service["profession"][team["profession"]] for team in teams]
    pay = np.array([each["pay_per_year"] for each in professions])
    hours = np.array([each["paid_hours"] for each in professions])
    post = pay * np.array([team["fte"] for team in teams])
    outside = [site["outside_cost_per_patient"] for site in service["site"].values()]
    return Prices(
        post, pay / (WEEKS_A_YEAR * hours), post * service["workforce"]["hiring_cost_share"],
        np.repeat(outside, len(service["need"])).astype(np.float64),
    )


def spent(totals: Totals, each: Prices) -> tuple[Numbers, Numbers]:
    """Money per year: (team, 4) and (cell, 4), in the order PAY, UNPAID, HIRING, OUTSIDE_CARE.

    Days on strike are not paid; days of sickness and leave are.
    """
    a_year = WEEKS_A_YEAR / totals.weeks
    teams, cells = np.zeros((len(totals.teams), 4)), np.zeros((len(totals.cells), 4))
    teams[:, PAY] = (totals.teams[:, FILLED] - totals.teams[:, ON_STRIKE]) * each.post
    teams[:, UNPAID] = a_year * totals.teams[:, UNPAID_HOURS] * each.hour
    teams[:, HIRING] = a_year * totals.teams[:, HIRED] * each.hire
    cells[:, OUTSIDE_CARE] = a_year * totals.cells[:, OUTSIDE] * each.outside
    return teams, cells


