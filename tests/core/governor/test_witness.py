"""The negative control of the guided machine: a witness that sees nothing would prove nothing."""

import pytest

from tests.core.governor.test_machine import DeafBelt, run_histories


def test_the_witness_convicts_a_governor_that_is_deaf() -> None:
    with pytest.raises(AssertionError):
        run_histories(DeafBelt, 100, derandomize=True)
