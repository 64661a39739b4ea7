"""Can a fit be trusted? Services drawn from what is believed beforehand, simulated, recorded and fitted back.

    truths    services drawn at random, of three sizes
    recorded  what such a service would have recorded, in memory
    recovery  do the intervals hold the truth nine times in ten?
    latent    is what nobody wrote down identified where it should be, and only there?
    forecasts are forecasts better than naive ones, and nearly as good as of one who knows the truth?
    goes_on   a line for each service, those there not made again
    page      docs/benchmarks-fit.md; `ranks_picture`: its pictures
"""
