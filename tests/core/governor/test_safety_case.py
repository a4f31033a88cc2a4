"""The safety case names tests; here it is held to them."""

import importlib
import re
from fnmatch import fnmatch
from pathlib import Path

import beatrunner.core.governor


def test_every_rule_of_the_safety_case_has_its_tests() -> None:
    written = beatrunner.core.governor.__doc__ or ""
    rules = re.findall(r"`(test_\w+\*?)`", written)
    stems = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
    modules = [importlib.import_module(f"{__package__}.{stem}") for stem in stems]
    tests = [name for module in modules for name in vars(module) if name.startswith("test_")]
    assert [rule for rule in rules if not any(fnmatch(test, rule) for test in tests)] == []
    assert {int(number) for number in re.findall(r"\bI(\d+)\b", written)} == set(range(1, 21))
    tested = {int(number) for test in tests for number in re.findall(r"(?<=_i)\d+(?=_)", test)}
    assert tested == set(range(1, 21))
