"""The restricted likelihood against its definition, written out in full."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects.design import Design
from beatrunner.core.effects.likelihood import Rotated

_RNG = np.random.default_rng(5)
_N, _TRACKS, _FIXED, _BENDS = 40, 9, 3, 2
_Y = _RNG.normal(size=_N)
_X = _RNG.normal(size=(_N, _FIXED))
_S = _RNG.normal(size=(_N, _BENDS))
_Z = _RNG.normal(size=(_N, _TRACKS))


def _design() -> Design:
    c = np.column_stack([_X, _S])
    return Design(
        tracks=tuple(f"t{i}" for i in range(_TRACKS)),
        modelled=_TRACKS,
        plays=np.full(_TRACKS, 4),
        track_tempo_bpm=np.full(_TRACKS, np.nan),
        tempo=None,
        bends=_BENDS,
        freedom=_N,
        runs=1,
        weight=np.ones(_N),
        yy=float(_Y @ _Y),
        cy=c.T @ _Y,
        cc=c.T @ c,
        zy=_Z.T @ _Y,
        zc=_Z.T @ c,
        zz=_Z.T @ _Z,
    )


def _written_out(tau: float, sigma: float, omega: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Harville 1977, eq. 4.2, with the constant; and the fixed coefficients with covariance."""
    v = sigma**2 * np.eye(_N) + tau**2 * _Z @ _Z.T + omega**2 * _S @ _S.T
    inverse = np.linalg.inv(v)
    covariance = np.linalg.inv(_X.T @ inverse @ _X)
    beta = covariance @ _X.T @ inverse @ _Y
    rest = _Y - _X @ beta
    log_likelihood = -0.5 * (
        (_N - _FIXED) * np.log(2.0 * np.pi)
        + np.linalg.slogdet(v)[1]
        - np.linalg.slogdet(covariance)[1]
        + rest @ inverse @ rest
    )
    return float(log_likelihood), beta, covariance


@pytest.mark.parametrize(
    ("tau", "sigma", "omega"), [(0.5, 1.0, 0.3), (0.0, 1.3, 1.0), (2.0, 0.7, 0.05)]
)
def test_it_is_the_restricted_likelihood(tau: float, sigma: float, omega: float) -> None:
    expected, beta, covariance = _written_out(tau, sigma, omega)
    solved = Rotated.of(_design()).given(tau / sigma).solved(np.array([sigma]), np.array([omega]))
    assert solved.log_likelihood[0] == pytest.approx(expected)
    assert solved.coefficients[0, :_FIXED] == pytest.approx(beta)
    assert sigma**2 * solved.inverse[0, :_FIXED, :_FIXED] == pytest.approx(covariance)
