"""What do the records say of what nobody wrote down?

Takes records, a service fitted to them but for its latent parameters, and what is believed of these without
records: how exhaustion rises with unpaid overload and recovers, how much likelier the exhausted leave, what
pay does to leaving and to hiring. Gives draws of them, by running the service many times and keeping what
looks like the records.

    shown     what the records and a run show of clinicians, by team: surveys, leavers, vacancies, unpaid work
    moments   the numbers in which the two are compared
    abc       approximate Bayesian computation by sequential Monte Carlo
    infer     all of it
"""
