"""What do published monthly figures say of the months to come?

Takes a table of an organisation, a month, a measure and a value. Gives a panel of series joined by the id of
the measure, forecasts with 90 % intervals, and how they did beside the same month a year before.

    panel     the table as series; what is odd about names and ids; stocks against the flows in and out
    level     one model for all organisations: a level that drifts, a season in common
    forecast  the months to come, and the score of a forecast

A value that is not there (suppressed, not yet published) is unknown, never zero.
"""

from careload.model.monthly.forecast import Forecast, Score, forecast, same_month_before, scored
from careload.model.monthly.panel import Panel, panel_of

__all__ = ["Forecast", "Panel", "Score", "forecast", "panel_of", "same_month_before", "scored"]
