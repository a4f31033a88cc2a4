from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.accounts.device_names import device_name

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_CHROME = f"{_WEBKIT} Chrome/141.0.0.0 Safari/537.36"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME}", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Edg/141.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_CHROME} OPR/120.0.0.0", "Opera on Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_CHROME}", "Chrome on ChromeOS"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME}", "Chrome on Android"),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0",
            "Samsung Internet on Android",
        ),
        (f"{_IPHONE} {_SAFARI} Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{_IPHONE} {_SAFARI} CriOS/141.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Version/18.6 Safari/605",
            "Safari on macOS",
        ),
        ("curl/8.5.0", "curl"),
        ("python-httpx2/1.0", "Python"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
        ("<script>alert(1)</script>", None),
        ("", None),
        (None, None),
    ],
)
def test_names_browser_and_system(user_agent: str | None, name: str | None) -> None:
    assert device_name(user_agent) == name


@given(st.text())
def test_nothing_that_was_sent_is_repeated(user_agent: str) -> None:
    """The page and the log show the name: a stranger has no say in its letters."""
    name = device_name(user_agent)
    assert name is None or (name.isascii() and len(name) <= 40)
    assert device_name(" " * 512 + "Firefox/1 Linux" + user_agent) is None
