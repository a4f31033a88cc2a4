"""The small form of the bench `health-xml`; time is not judged beside other tests."""

from __future__ import annotations

from benchmarks.health_xml import measure


def test_a_health_export_is_split_in_flat_memory() -> None:
    figures = measure(16_000_000, share=1)
    assert not [f for f in figures if not f["ok"] and f["what"] != "as many times as bare"]
