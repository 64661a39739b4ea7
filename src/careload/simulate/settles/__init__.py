"""Does a service settle, or does it spiral?

Takes a service. Gives whether it comes to rest in one state, has two with a tipping point between them,
drifts, or whether that cannot be said (`settles_or_spirals`): from a short and a long list at the start, from
a small push and its echo, and again under draws of everything that is disputed. Nothing is decreed.

    settles  the question, put together: read this first
    states   one state, two, or none
    echo     a small push and what is left of it
    tipping  leaving the state a service is in
    draws    what is disputed, and which parameter decides
    answer   what is found, in words and as JSON
    paths    many runs, week by week
    doubt    numbers with their intervals
"""

from careload.simulate.settles.answer import Settling
from careload.simulate.settles.settles import settles_or_spirals

__all__ = ["Settling", "settles_or_spirals"]
