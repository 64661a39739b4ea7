"""How far can a fit be trusted?

Takes records and a fit of their first part. Gives how well it forecasts the rest, beside three naive rivals.

    periods   what the records show, by four weeks
    forecast  what the fitted service shows, run forward with the doubt about its parameters
    rivals    the last value, the same season a year before, a straight line
    score     how far a forecast was from what happened, and how often its intervals held it
    hold_out  all of it

    weeks_seen  what the records show, by week and site; `few`: what of it may not be shown
    against   what the fitted service shows in those weeks beside it
    books     who came, went and stayed by site, and what does not add up
    changed   the weeks in which the records change, with the weeks around them
    checks    is the model wrong in a way that its fit cannot show?
"""
