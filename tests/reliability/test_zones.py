"""`./dev bench zones`, small: the attacks find what is cut badly, and not what a zone hides."""

from __future__ import annotations

from benchmarks.zones import figures


def test_a_zone_hides_the_door_from_attacks_that_work() -> None:
    found = {figure["what"]: figure for figure in figures(8, 30)}
    assert [figure for figure in found.values() if figure["what"].startswith("zone:")]
    assert not [what for what, figure in found.items() if not figure["ok"]]
