"""A few machines with a quirk each, always the same; `./dev bench quirks` has all of them."""

from __future__ import annotations

import pytest

from beatrunner.ble.quirks import QuirkTable
from beatrunner.core.simulation.quirks import EVERY_QUIRK
from benchmarks.quirks import QUIRKS, TABLE, End, try_all

EXPECTED = {
    "commands_in_mph": End.WORKS,
    "incline_factor": End.WORKS,
    "needs_pairing": End.WORKS,
    "splits_records": End.WORKS,
    "unlocked_by": End.WORKS,
    "wants_start_before_speed": End.WORKS,
    "data_in_mph": End.CALIBRATED,
    "ignores_speed": End.REFUSED,
    "refuses_speed": End.REFUSED,
    "rejects_with_att_error": End.REFUSED,
}


async def test_a_quirk_works_or_is_refused_in_words() -> None:
    findings = await try_all(EXPECTED, TABLE)
    assert {finding.quirk: finding.end for finding in findings} == EXPECTED
    assert all(finding.words for finding in findings if finding.end is End.REFUSED)


@pytest.mark.parametrize("quirk", ["commands_in_mph", "ignores_speed"])
async def test_without_the_table_a_quirk_fools(quirk: str) -> None:
    (finding,) = await try_all([quirk], QuirkTable(), may_calibrate=False)
    assert finding.end is End.FOOLED


def test_the_benchmark_leaves_out_only_what_is_broken() -> None:
    assert len(QUIRKS) >= len(EVERY_QUIRK) - 4
