from __future__ import annotations

import pytest

from beatrunner.bridge.address import ServerAddress


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://runs.example.org", "https://runs.example.org"),
        ("https://runs.example.org/", "https://runs.example.org"),
        ("runs.example.org", "https://runs.example.org"),
        (" Runs.Example.org:8443 ", "https://runs.example.org:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000"),
        ("http://10.0.0.2", "http://10.0.0.2"),
        ("http://172.31.0.2", "http://172.31.0.2"),
        ("http://169.254.7.7", "http://169.254.7.7"),
        ("http://[fd00::7]:8000", "http://[fd00::7]:8000"),
        ("http://[fe80::7]", "http://[fe80::7]"),
    ],
)
def test_addresses_that_will_do(text: str, origin: str) -> None:
    address = ServerAddress.parse(text)
    assert address.origin == origin
    assert address.page("/v1") == f"{origin}/v1"
    assert address.socket("/ws") == f"{origin}/ws".replace("http", "ws", 1)
    assert ServerAddress.parse(address.origin) == address


@pytest.mark.parametrize(
    "text",
    [
        "http://runs.example.org",
        "http://raspberry.local:8000",  # whoever answers for the name gets the token
        "http://intranet",
        "http://8.8.8.8",
        "http://172.32.0.1",
        "http://100.64.0.1",
        "http://192.0.2.1",
        "http://[2001:db8::1]",
        "http://[2002:808:808::1]",  # a tunnel to 8.8.8.8
        "http://[2001::1]",
        "http://[64:ff9b:1::808:808]",
        "http://[::ffff:8.8.8.8]",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://2130706433",
    ],
)
def test_a_token_never_crosses_the_internet_readable(text: str) -> None:
    with pytest.raises(ValueError, match="unprotected: use https"):
        ServerAddress.parse(text)
    assert not ServerAddress(text).is_near


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "https://",
        "ftp://runs.example.org",
        "file:///etc/passwd",
        "https://runs.example.org:99999",
        "https://runs.example.org:port",
        "http://[bad",
        "https://" + "x" * 64 + ".org",
        "https://runs..example.org",
    ],
)
def test_what_is_no_address_is_said_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not the address of a server, like https://"):
        ServerAddress.parse(text)


@pytest.mark.parametrize(
    "rest",
    ["/runs", "?x=1", "/#devices", ":443/v1"],
)
def test_an_address_ends_after_name_and_port(rest: str) -> None:
    with pytest.raises(ValueError, match="ends after its name and port"):
        ServerAddress.parse(f"https://runs.example.org{rest}")


@pytest.mark.parametrize("who", ["me@", "me:secret@", ":secret@", "@"])
def test_an_address_names_nobody(who: str) -> None:
    with pytest.raises(ValueError, match="ends after its name and port"):
        ServerAddress.parse(f"https://{who}runs.example.org")
