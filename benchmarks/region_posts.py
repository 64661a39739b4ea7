"""The posts of the region, who holds them when, and the tables about staff."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from region_words import (
    AS_OF,
    FIRST,
    PROFESSIONS,
    SITES,
    WARM_UP,
    Ints,
    dates,
    ids,
    words,
)


@dataclass(frozen=True)
class Posts:
    """Posts and who holds them when: a key of post and day finds the holder."""

    site: Ints
    profession: Ints
    keys: Ints
    holder_post: Ints
    hired: Ints
    left: Ints

    def holder(self, post: Ints, day: Ints) -> Ints:
        """Number of the clinician who holds each post on each day."""
        return np.searchsorted(self.keys, post * 100_000 + day, side="right") - 1


def make_posts(rng: np.random.Generator, number: int) -> Posts:
    """Posts with a row of holders each, about six years apart; five months vacant between two."""
    start = FIRST - WARM_UP
    tenure = 120 + rng.exponential(2000, (number, 12)).astype(np.int64)
    vacancy = 30 + rng.exponential(120, (number, 12)).astype(np.int64)
    before = np.cumsum(tenure + vacancy, axis=1) - tenure - vacancy
    hired = start - rng.integers(100, 3000, (number, 1)) + before
    left = hired + tenure
    following = np.column_stack((hired[:, 1:], hired[:, -1:] + 99_999))
    post, place = np.nonzero((hired <= AS_OF) & (following > start))
    # The holder of a vacant post's patients is the one before until the next starts.
    first_of_post = np.flatnonzero(np.r_[True, post[1:] != post[:-1]])
    keys = post * 100_000 + hired[post, place]
    keys[first_of_post] = post[first_of_post] * 100_000
    return Posts(
        rng.integers(0, len(SITES), number),
        rng.choice(len(PROFESSIONS), number, p=(0.2, 0.28, 0.27, 0.12, 0.07, 0.06)),
        keys, post, hired[post, place], left[post, place],
    )


def staff_tables(rng: np.random.Generator, posts: Posts) -> dict[str, pa.Table]:
    """Clinicians, vacancies, and hours of every clinician and week."""
    number, post = len(posts.hired), posts.holder_post
    shown = np.flatnonzero(posts.left >= FIRST)
    gone = posts.left <= AS_OF
    following = np.r_[posts.holder_post[1:] == posts.holder_post[:-1], False]
    filled = np.r_[posts.hired[1:], 0]
    vacant = np.flatnonzero(gone & (~following | (filled >= FIRST)) & (posts.left >= FIRST - 400))
    fte = np.array((0.6, 0.8, 1.0, 1.0))[rng.integers(0, 4, len(posts.site))]
    mondays = np.arange(FIRST + (7 - (FIRST + 3) % 7) % 7, AS_OF - 6, 7)
    who, week = np.nonzero((posts.hired[:, None] <= mondays) & (posts.left[:, None] >= mondays + 6))
    paid = 40 * fte[post[who]]
    contact = paid * rng.normal(0.58, 0.06, len(who))
    non_contact = paid * rng.normal(0.44, 0.05, len(who))
    return {
        "clinicians": pa.table({
            "clinician": ids("c", np.arange(number)[shown]),
            "profession": words(PROFESSIONS, posts.profession[post[shown]]),
            "site": words(SITES, posts.site[post[shown]]),
            "fte": pa.array(fte[post[shown]]),
            "hired_on": dates(posts.hired[shown]),
            "left_on": dates(posts.left[shown], gone[shown]),
        }),
        "posts": pa.table({
            "post": ids("v", post[vacant]),
            "profession": words(PROFESSIONS, posts.profession[post[vacant]]),
            "site": words(SITES, posts.site[post[vacant]]),
            "fte": pa.array(fte[post[vacant]]),
            "vacant_from": dates(posts.left[vacant] + 1),
            "filled_on": dates(filled[vacant], following[vacant]),
        }),
        "hours": pa.table({
            "clinician": ids("c", who),
            "profession": words(PROFESSIONS, posts.profession[post[who]]),
            "site": words(SITES, posts.site[post[who]]),
            "week_start": dates(mondays[week]),
            "worked": pa.array(np.round(contact + non_contact, 2)),
            "paid": pa.array(np.round(paid, 2)),
            "contact": pa.array(np.round(contact, 2)),
            "non_contact": pa.array(np.round(contact + non_contact, 2) - np.round(contact, 2)),
            "after_hours": pa.array(np.round(np.maximum(0, rng.normal(2.0, 1.0, len(who))), 2)),
        }),
    }
