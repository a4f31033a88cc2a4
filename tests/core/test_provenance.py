from __future__ import annotations

from beatrunner.core.provenance import (
    COMBINING,
    POLICIES,
    SHARABLE,
    Provenance,
    SeenBy,
    allowing,
)

#: What others' terms bind.
BOUND = {Provenance.STRAVA_API, Provenance.SPOTIFY_API}


def test_every_provenance_has_a_policy() -> None:
    assert set(POLICIES) == set(Provenance)


def test_what_comes_over_an_interface_stays_by_itself() -> None:
    assert set(Provenance) - BOUND == COMBINING
    assert allowing(lambda policy: policy.ai_may_see) == set(Provenance) - BOUND
    assert allowing(lambda policy: policy.seen_by is SeenBy.RUNNER) == BOUND


def test_stravas_interface_is_a_cache_of_a_week() -> None:
    kept = {key: policy.kept_for for key, policy in POLICIES.items() if policy.kept_for}
    assert {key: each.days for key, each in kept.items()} == {Provenance.STRAVA_API: 7}


def test_what_stands_in_a_soundtrack_may_be_shared_with_it() -> None:
    assert COMBINING <= SHARABLE
    assert not {Provenance.STRAVA_API, Provenance.SPOTIFY_API} & SHARABLE
