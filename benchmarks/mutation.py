"""Whether the tests of what guards accounts notice when it is changed for the worse.

Each module below is changed in one place at a time (`mutants`), and its tests run with that change.
What survives is a hole in the tests, or does no harm; the latter are listed with their reasons in
`mutation_survivors`.

Each mutant gets a process of its own, forked from one that has loaded what takes long to load, and
nothing of ours. `python -m benchmarks.mutation MODULE ...` measures some of the modules alone.
"""

from __future__ import annotations

import importlib
import math
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis
import pytest

from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.mutants import Mutant, import_instead, mutants_of
from benchmarks.mutation_survivors import HARMLESS

_ROOT = Path(__file__).parents[1]
_SOURCES = _ROOT / "src" / "beatrunner"
_SECONDS = 600
"""For the tests of the unchanged module. Those of a mutant may take `_PATIENCE` times as long as
they did, and some seconds, and each of them `_SECONDS_EACH`: one that hangs is noticed, and one
that is slow is none that hangs.
"""
_PATIENCE = 5
_SECONDS_EACH = 20
_LOADED_BEFORE = (
    *("alembic", "argon2", "fastapi", "hypothesis.extra.numpy", "httpx2"),
    *("joserfc.jwt", "lxml.etree", "msgspec", "redis.asyncio", "sqlalchemy.ext.asyncio"),
    *("cbor2", "pebble", "prometheus_client", "pydantic_settings", "pyotp"),
    *("aiosqlite", "segno", "structlog", "webauthn"),
)
#: Those that the tests need. Loading all that are installed takes longer than most of the tests.
_PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout")

#: What guards, and the tests that have to notice, the quickest first.
GUARDS: Mapping[str, Sequence[str]] = {
    "accounts/passwords.py": ["accounts/test_passwords.py"],
    "accounts/personal_tokens.py": ["accounts/test_personal_tokens.py"],
    "accounts/sign_ins.py": [
        "accounts/test_sign_ins.py",
        "accounts/access/test_api.py",
        "identity/ways/test_ended_meanwhile.py",
    ],
    "accounts/tokens.py": ["accounts/test_tokens.py"],
    "core/clip.py": ["core/test_clip.py"],
    "core/hiding.py": ["core/test_hiding.py", "core/test_clip.py"],
    "core/usual_places.py": ["core/test_usual_places.py"],
    "identity/codes.py": ["identity/test_codes.py"],
    "identity/factors/passkeys_verifying.py": ["identity/factors/test_passkeys_verifying.py"],
    "identity/factors/recovery_codes.py": ["identity/factors/test_totp.py"],
    "identity/factors/totp.py": ["identity/factors/test_totp.py"],
    "kit/crypto.py": ["kit/test_crypto.py"],
    "kit/keyring.py": ["kit/test_keyring.py"],
    "kit/sealing.py": ["kit/test_sealing.py"],
    "limits/ledger.py": ["limits/test_ledger.py"],
    "limits/limiter.py": ["limits/test_ledger.py", "limits/test_shared.py"],
    "limits/local.py": ["limits/test_local.py"],
    "limits/policy.py": ["limits/test_local.py"],
    "limits/shared.py": ["limits/test_shared.py"],
    "sharing/projection.py": ["sharing/test_projection.py"],
}


def main(modules: Sequence[str] = tuple(GUARDS)) -> Report:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in _LOADED_BEFORE:
        importlib.import_module(name)
    # What was found is enough: no mutant has to be seen failing in its smallest example.
    hypothesis.settings.register_profile(
        "mutation",
        derandomize=True,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    )
    hypothesis.settings.load_profile("mutation")
    figures = [figure for module in modules for figure in _measured(module, GUARDS[module])]
    return {"bench": "mutation", "figures": figures}


def _measured(module: str, tests: Sequence[str]) -> list[Figure]:
    mutants = list(mutants_of(_SOURCES / module))
    began_s = time.monotonic()
    is_alive = survives(module, tests, None, _SECONDS)
    patience_s = 10 + _PATIENCE * math.ceil(time.monotonic() - began_s)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        lives = list(pool.map(lambda one: survives(module, tests, one, patience_s), mutants))
    alive = {mutant.change for mutant, lived in zip(mutants, lives, strict=True) if lived}
    for change in sorted(alive - set(HARMLESS)):
        print(f"lives: {change}", flush=True)
    listed = {change for change in HARMLESS if change.startswith(f"{Path(module).stem}.")}
    for change in sorted(listed - alive):
        print(f"listed, and noticed: {change}", flush=True)
    return [
        at_least(
            f"{module}: of {len(mutants):,} mutants killed",
            100 * (1 - len(alive) / len(mutants)),
            "%",
            90,
        ),
        plain("  survivors that do no harm, listed with reasons", len(alive & listed), ""),
        at_most("  other survivors", len(alive - listed), "", 0),
        at_most("  listed, but no survivors", len(listed - alive), "", 0),
        at_least(
            "  negative control: the unchanged module lives",
            int(is_alive),
            "",
            1,
        ),
    ]


def survives(module: str, tests: Sequence[str], mutant: Mutant | None, patience_s: int) -> bool:
    """Whether all tests pass with this mutant within that time, in a process of its own."""
    child = os.fork()
    if child == 0:
        signal.alarm(patience_s)
        os._exit(_tested(module, tests, mutant))
    _pid, status = os.waitpid(child, 0)
    return status == 0


def _tested(module: str, tests: Sequence[str], mutant: Mutant | None) -> int:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    try:
        if mutant is not None:
            import_instead(f"beatrunner.{module.removesuffix('.py').replace('/', '.')}", mutant)
        # One database is enough to notice.
        words = ["-x", "-q", "--assert=plain", "-k", "not postgresql", *_PLUGINS]
        words.append(f"--timeout={_SECONDS_EACH}")
        return pytest.main([*words, *(str(_ROOT / "tests" / test) for test in tests)])
    except BaseException:
        return 1


if __name__ == "__main__":
    for found in main(sys.argv[1:])["figures"]:
        print(found["what"], found["value"], found["goal"], "" if found["ok"] else "falls short")
