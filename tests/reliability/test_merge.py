"""Plays and tracks that several sources tell, put together at a small size."""

from __future__ import annotations

import random

from benchmarks.merge import (
    LEAST_PRECISION,
    LEAST_RECALL,
    PAIRS,
    by_window,
    is_one_track,
    make_pairs,
    put_together,
    read_pairs,
    score_names,
    score_words,
    tell,
)


def test_the_labelled_names() -> None:
    for pairs in (list(read_pairs(PAIRS)), list(make_pairs(random.Random(100), 60))):
        score = score_names(pairs, is_one_track)
        assert score.precision >= LEAST_PRECISION
        assert score.recall >= LEAST_RECALL


def test_the_labelled_plays() -> None:
    told = list(tell(random.Random(100), 60))
    score = score_words(told, put_together(told))
    assert score.precision >= LEAST_PRECISION
    assert score.recall >= LEAST_RECALL
    # What is often done does not reach that.
    naive = score_words(told, by_window(told, 60.0, str.casefold))
    assert naive.precision < LEAST_PRECISION
    assert naive.recall < LEAST_RECALL
