"""`./dev bench [--write] [NAME ...]`: measure, print a table, and the figures as JSON in the end.

Without names everything under two minutes is measured and written into `docs/benchmarks.md`. There
each bench has a section with its date; `--write` replaces those of the named ones too.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.figures import Figure, Report

NAMES = (
    *("fit", "xml", "health-xml", "import-zip", "plays", "merge", "list-sql", "page-weight"),
    *(
        "rotation",
        "link-loss",
        "stop-race",
        "move",
        "round-trip",
        "erasure",
        "kill-import",
        "disk-full",
    ),
    *("latency", "home", "all-runs", "fuzz-files", "governor", "governor-mutants", "heart-faults"),
    *("ble", "quirks", "heart-control", "beat-lock", "live-latency", "kill-live"),
    *("coverage", "rmse", "rank", "false-calls", "top-ten", "experiment"),
    *("half-open", "limiter", "guessing", "api-fuzz"),
    *("statsmodels", "fit-speed", "tempo", "gait", "gap", "mutation"),
    *("tokens", "matrix", "refresh", "zones"),
)
#: Take longer than two minutes; only measured when named.
LONG = frozenset(
    {"fuzz-files", "governor-mutants", "stop-race", "live-latency", "rotation"}
    | {"health-xml", "kill-live", "kill-import", "disk-full", "mutation", "refresh"}
    | {"zones", "guessing", "api-fuzz"}
)
_DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_HEAD = """# Benchmarks

Written by `./dev bench`, each figure beside its goal. Load, where there is one, came from the same
machine."""


def main(words: list[str]) -> int:
    names = [word for word in words if word != "--write"]
    unknown = set(names) - set(NAMES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}, only {', '.join(NAMES)}.")
        return 2
    reports = []
    for name in names or [name for name in NAMES if name not in LONG]:
        reports.append(_measured(name))
        if not names or "--write" in words:
            _write(reports[-1])
    for report in reports:
        print(json.dumps(report))
    return 0 if all(figure["ok"] for report in reports for figure in report["figures"]) else 1


def _measured(name: str) -> Report:
    started = time.perf_counter()
    report: Report = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").main()
    print(f"\n{name} ({time.perf_counter() - started:.0f} s)")
    width = max(len(figure["what"]) for figure in report["figures"])
    for figure in report["figures"]:
        verdict = "" if figure["ok"] else "  falls short"
        goal = f"  ({figure['goal']})" if figure["goal"] else ""
        print(f"  {figure['what']:{width}}  {_value(figure)}{goal}{verdict}", flush=True)
    return report


def _value(figure: Figure) -> str:
    return f"{figure['value']:,} {figure['unit']}"


def _write(report: Report) -> None:
    """Put the report into the document, in the place of what it said before."""
    text = _DOCUMENT.read_text(encoding="utf-8") if _DOCUMENT.exists() else ""
    sections = {part.split("\n", 1)[0]: part for part in text.split("\n## ")[1:]}
    sections[report["bench"]] = _section(report)
    known = [sections[name].strip() for name in NAMES if name in sections]
    _DOCUMENT.write_text("\n\n## ".join([_HEAD, *known]) + "\n", encoding="utf-8")


def _section(report: Report) -> str:
    lines = [
        report["bench"],
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, on {_machine()}.",
        "",
        "| | measured | goal | |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {figure['what'].strip()} | {_value(figure)} | {figure['goal']} | {_verdict(figure)} |"
        for figure in report["figures"]
    ]
    return "\n".join(lines)


def _verdict(figure: Figure) -> str:
    if not figure["goal"]:
        return ""
    return "reached" if figure["ok"] else "**falls short**"


def _machine() -> str:
    memory_gb = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
