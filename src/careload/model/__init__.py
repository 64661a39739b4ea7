"""What do we believe?

Takes `Records`. Gives a `Model`: a service that `careload.simulate` can run, and of each parameter in it what
is believed (`Belief`): value, 90 % interval, where it comes from, and in a plain word how well the records
determine it.

    belief      one parameter with its doubt; `prior`: what is believed before any record
    evidence    what a fit reads; `courses`: spells of waiting, treatments; `staffing`: clinicians, open days,
                days away; `caseload`: whose patient is whose
    family      parameters fitted by one model each, formula first, one file each in `direct/`;
                `discharge`: the law of visits to discharge
    pooling     groups that lean on each other; `clusters`: doubt where few people stand behind what was
                counted
    latent      what nobody wrote down, by running the service many times
    assembled   the service of what is believed
    early       the service as it stood on an earlier day
    otherwise   who says otherwise of a number: the literature, the records, parties
    believed_less  what is doubted where a check speaks
    fit         all of it; `json_form`: as JSON; `written`: as files; `explain`: where one number comes from
    trust       how well a fit on the first part of the records forecasts the rest; the fit beside the records
    sensitivity which parameters carry the doubt
    terminal    all of it for a person at a terminal; `report`: as a page

Takes also what parties hold of a service (`read_assumptions`). Gives the service as each of them sees it
(`with_assumptions`), and which single assumption decides what they disagree about (`differ`).

    assumptions    named values for what parties dispute, each with its source
    differ         two sets on one scenario: swapped one at a time, and Shapley
    disagreement   how that is told: in the terminal, as JSON, as a page

Beside the fit of one service, for figures that are no records of it:

    monthly     published monthly figures of many organisations: forecasts, and their score
    ranking     groups ranked by a mean, each leaning on what all have in common
    tenure      how long people stay: survival curves and hazards
    workbooks   whether two workbooks of parameters are in the same units
"""

from careload.model.assumptions import (
    AssumptionSet,
    Held,
    Place,
    parse_assumptions,
    read_assumptions,
    with_assumptions,
)
from careload.model.belief import Belief, Other
from careload.model.differ import Answer, Assumption, Disagreement, Swap, differ
from careload.model.direct.teams import team_name
from careload.model.explain import Explanation, explain
from careload.model.fit import Model, fit
from careload.model.json_form import as_json
from careload.model.known import Known, known_of
from careload.model.otherwise import nowhere
from careload.model.prior import Prior, prior_of
from careload.model.sensitivity import Carried, Doubt, doubts_of
from careload.model.terminal import summary
from careload.model.trust.against import Against, Followed
from careload.model.trust.books import Books
from careload.model.trust.changed import Changed
from careload.model.trust.checks import Ranges, beyond
from careload.model.trust.hold_out import HoldOut, Scored
from careload.model.written import read_beliefs, read_ranges, write_model

__all__ = [
    "Against", "Answer", "Assumption", "AssumptionSet", "Belief", "Books", "Carried", "Changed",
    "Disagreement", "Doubt", "Explanation", "Followed", "Held", "HoldOut", "Known", "Model", "Other", "Place",
    "Prior", "Ranges", "Scored", "Swap", "as_json", "beyond", "differ", "doubts_of", "explain",
    "fit", "known_of", "nowhere", "parse_assumptions", "prior_of", "read_assumptions", "read_beliefs",
    "read_ranges", "summary", "team_name", "with_assumptions", "write_model",
]
