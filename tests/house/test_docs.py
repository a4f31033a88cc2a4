"""The documents name everything that there is, and nothing that there is not.

In a document, what is named stands in backticks at the beginning of a table's row, or in a heading.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from enum import Enum, StrEnum
from itertools import chain
from pathlib import Path

import click
import pytest

from beatrunner.cli import main
from beatrunner.core.provenance import POLICIES, Policy, SeenBy
from beatrunner.core.recording import RepairCode
from beatrunner.core.refusals import Refusal, sentence
from beatrunner.db.account_contents import TABLES_TO_READ
from beatrunner.kit.settings import Settings
from tests.house.sources import DOCS, PACKAGE, ROOT, files, name_of, python_files, tree_of

DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
DECISION_PARTS = ["Context", "Decision", "Consequences", "Alternatives"]

_ROW = re.compile(r"^\| `([^`]+)` \|(?: ([^|\n]*) \|)?", re.MULTILINE)
_HEADING = re.compile(r"^#+ `([^`]+)`$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_PLACE = re.compile(r"`((?:[a-z_]+/)+[a-z_]*(?:\.[a-z]+)?)`")
_METRIC_TYPES = {"Counter", "Gauge", "Histogram", "Summary"}


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, str]:
    """The tables' rows: what is named, and the cell beside it."""
    return dict(_ROW.findall(text))


def calls(*names: str) -> Iterator[ast.Call]:
    for path in python_files("src"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield node


def words(call: ast.Call) -> list[str]:
    return [
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def test_settings_are_documented_with_their_defaults() -> None:
    documented = {
        name: cell.split()[0] for name, cell in rows(text_of("settings.md")).items() if cell
    }
    prefix = Settings.model_config["env_prefix"]
    assert documented == {
        f"{prefix}{name}".upper(): _shown(field.default)
        for name, field in Settings.model_fields.items()
    }


def _shown(default: object) -> str:
    if default is None or default == ():
        return "–"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default.value if isinstance(default, Enum) else default)


def test_what_may_be_done_with_data_is_documented() -> None:
    documented = {
        cells[0].strip("`"): cells[2:]
        for line in text_of("privacy.md").splitlines()
        if line.startswith("| `")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }
    assert documented == {key: _told(policy) for key, policy in POLICIES.items()}


def _told(policy: Policy) -> list[str]:
    kept = policy.kept_for
    return [
        "until you delete it" if kept is None else f"{kept.days} days",
        "yes" if policy.ai_may_see else "no",
        "yes" if policy.combines else "no",
        {SeenBy.RUNNER: "you", SeenBy.CHOSEN: "whom you show it to"}[policy.seen_by],
    ]


def test_what_is_held_is_documented() -> None:
    _, section = text_of("exporting.md").split("### The folder `held/`")
    section, _ = section.split("## Back again")
    assert set(re.findall(r"`([a-z_]+)\.jsonl`", section)) == TABLES_TO_READ.keys()


def test_threats_are_held_by_tests_that_exist() -> None:
    shown = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", text_of("security.md"))
    assert shown
    for path, name in shown:
        assert f"def {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), name


def test_commands_are_documented_with_their_options() -> None:
    _, *parts = _HEADING.split(text_of("commands.md"))
    documented = {name: set(rows(body)) for name, body in zip(parts[::2], parts[1::2], strict=True)}
    assert documented == dict(_commands(main, "beatrunner"))


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, set[str]]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}")
    else:
        yield path, {name for option in command.params for name in _option_names(option)}


def _option_names(parameter: click.Parameter) -> list[str]:
    if isinstance(parameter, click.Argument):
        return [parameter.human_readable_name]
    return parameter.opts


def test_jobs_and_events_are_documented() -> None:
    handled = {kind for call in calls("job") for kind in words(call)}
    enqueued = {kind for call in calls("enqueue") for kind in words(call)}
    assert handled
    assert set(rows(text_of("jobs.md"))) == handled | enqueued


def test_metrics_are_documented() -> None:
    metrics = {words(call)[0] for call in calls(*_METRIC_TYPES) if words(call)}
    assert metrics
    documented = {name for name in rows(text_of("operations.md")) if name.startswith("beatrunner_")}
    assert documented == metrics


def test_repairs_and_refusals_are_documented() -> None:
    documented = rows(text_of("formats.md"))
    repairs, refusals = set(RepairCode), set(Refusal)
    assert not {str(code) for code in repairs | refusals} - set(documented)
    assert {name for name in documented if "_" in name} <= {str(x) for x in repairs | refusals}
    assert {code: documented[code] for code in refusals} == {c: sentence(c) for c in refusals}


@pytest.mark.parametrize(("catalogue", "codes"), [("repairs", RepairCode), ("refusals", Refusal)])
def test_the_pages_have_words_for_every_code(catalogue: str, codes: type[StrEnum]) -> None:
    path = ROOT / "frontend" / "src" / "lib" / "i18n" / "en" / f"{catalogue}.ts"
    keys = re.findall(r"^  (\w+):", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(keys) == set(codes)


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    wanted = {re.split(r"[\[<>=;]", entry)[0] for entry in entries}
    reasons = (DOCS / "decisions" / "0010-runtime-dependencies.md").read_text(encoding="utf-8")
    assert set(rows(reasons)) == wanted


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_four_parts(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    number = decision.name.split("-")[0]
    assert text.startswith(f"# {number} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == DECISION_PARTS


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name.split("-")[0]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


def test_links_lead_somewhere() -> None:
    broken = [
        f"{name_of(path)}: {target}"
        for path in files()
        if path.suffix == ".md"
        for target in _LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not broken


def test_the_map_names_places_that_exist() -> None:
    places = set(_PLACE.findall(text_of("architecture.md")))
    assert places
    assert not [place for place in sorted(places) if not _exists(place)]


def _exists(place: str) -> bool:
    return any(
        found.exists()
        for top in (ROOT, PACKAGE)
        for found in (top / place, (top / place).with_suffix(".py"))
    )
