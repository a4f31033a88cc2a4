"""`./dev bench zones`, small: the attacks find what is cut badly, and not what is hidden,
whether the runner drew a zone or did nothing.
"""

from __future__ import annotations

from benchmarks.zones import figures


def test_a_zone_hides_the_door_from_attacks_that_work() -> None:
    found = {figure["what"]: figure for figure in figures(8, 30)}
    for way in ("zone", "did nothing"):
        assert [figure for figure in found.values() if figure["what"].startswith(f"{way}:")]
    assert not [what for what, figure in found.items() if not figure["ok"]]
