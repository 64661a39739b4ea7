"""Can a fit be trusted? Services drawn from what is believed beforehand, simulated, recorded and fitted back.

    truths    services drawn at random, of three sizes
    recorded  what such a service would have recorded, in memory
    recovery  do the intervals hold the truth nine times in ten?
    page      docs/benchmarks-fit.md
"""
