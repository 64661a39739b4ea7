"""The simulated day again: slow and obvious, with people as objects and lines as lists.

    books = run_plainly(plan, seed, replication)

Written from the numbered steps of the compiled day, with draws of its own. It takes from there only the plan,
the streams of luck, and the names of what is counted. Everyone in care is looked at on every day, nobody
stands on sheets, no diary is kept.

Where the steps leave open who of two comes first, it is whoever was booked, drawn or taken on first; a
leaver's patients are handed over from the last who joined. Patients of the first day due on the same day
stand in the order of their numbers.
"""

from tests.twin.plain_day.books import Books
from tests.twin.plain_day.day import run_plainly

__all__ = ["Books", "run_plainly"]
