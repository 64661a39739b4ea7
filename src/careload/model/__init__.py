"""What do we believe?

Takes `Records`. Gives a `Model`: a service that `careload.simulate` can run, and of every parameter in it what is
believed (`Belief`): value, 90 % interval, where it comes from, and in a plain word how well the records determine it.

    belief     one parameter with its doubt; `prior`: what is believed before any record
    evidence   what a fit reads; `courses`: spells of waiting, treatments; `staffing`: clinicians, open days, days
               away; `caseload`: whose patient is whose
    clusters   doubt where few people stand behind what was counted; `pooling`: groups that lean on each other
    family     one model per file in `direct/`, formula first: parameters straight from records
"""
