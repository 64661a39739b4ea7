"""What do we believe?

Takes `Records`. Gives a `Model`: a service that `careload.simulate` can run, and of every parameter in it
what is believed (`Belief`): value, 90 % interval, where it comes from, and in a plain word how well the records
determine it.

    belief      one parameter with its doubt; `prior`: what is believed before any record
    evidence    what a fit reads; `courses`: spells of waiting, treatments
    family      parameters fitted by one model each, formula first, one file each in `direct/`
    assembled   the service of what is believed
    fit         all of it; `written`: as files; `explain`: where one number comes from
"""
