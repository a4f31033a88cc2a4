from __future__ import annotations

from beatrunner.kit.ids import new_id


def test_identifiers_sort_by_when_they_were_made() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert {found.version for found in made} == {7}
