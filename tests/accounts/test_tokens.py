"""A corpus of attacks on tokens; whatever is tried, the answer is "not signed in"."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from beatrunner.accounts.tokens import (
    ACCESS_PURPOSE,
    MAX_TOKEN_CHARACTERS,
    AccessClaims,
    AccessTokens,
    RefreshClaims,
    RefreshTokens,
)
from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.ids import new_id
from beatrunner.kit.keyring import Keyring
from tests.conftest import HeldClock

SECRET, OLDER = ServerSecret(bytes(range(32))), ServerSecret(b"the secret that was before this.")
RING = Keyring([SECRET, OLDER])
KEY, KID = SECRET.derive_key(ACCESS_PURPOSE), SECRET.kid.hex()
# Fixed, because test names are made from them.
CLAIMS = AccessClaims(UUID(int=1), UUID(int=2))
CLOCK = HeldClock()
# In the order in which it is written.
HEADER = {"typ": "at+jwt", "alg": "HS256", "kid": KID}
NOW_S = int(CLOCK.now.timestamp())
PAYLOAD = {
    "iss": "beatrunner",
    "aud": "beatrunner",
    "sub": str(CLAIMS.account_id),
    "sid": str(CLAIMS.sign_in_id),
    "iat": NOW_S,
    "exp": NOW_S + 900,
}


def access_tokens(clock: HeldClock = CLOCK) -> AccessTokens:
    return AccessTokens(RING, clock, lifetime_s=900)


def encode(part: object) -> str:
    content = part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def forge(header: object, payload: object, key: bytes = KEY, digest: str = "sha256") -> str:
    """A token signed with the right key, so that only its content can give it away."""
    signed = f"{encode(header)}.{encode(payload)}"
    return f"{signed}.{encode(hmac.digest(key, signed.encode(), digest))}"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in PAYLOAD.items() if key != name}


def test_the_forger_would_be_believed_if_it_forged_nothing() -> None:
    assert access_tokens().read(forge(HEADER, PAYLOAD)) == CLAIMS


GOOD = access_tokens().issue(CLAIMS)
HEAD, BODY, SEAL = GOOD.split(".")
OWN_JWK = {"kty": "oct", "k": encode(bytes(32))}

WRONG_CLAIMS: dict[str, list[Any]] = {
    "iss": ["", None, "evil", ["beatrunner"], "BeatRunner"],
    "aud": ["", None, "evil", ["beatrunner"], ["beatrunner", "evil"], {"a": 1}],
    "sub": ["", None, 1, [], {}, "not-a-uuid", str(CLAIMS.account_id) + "0"],
    "sid": ["", None, 1, [], {}, "not-a-uuid"],
    "nbf": [NOW_S + 1, NOW_S + 900, NOW_S, 0, -1, None, "", str(NOW_S), [NOW_S], {}, True, 1e300],
    "exp": [NOW_S, NOW_S - 1, 0, -1, None, "", "9999999999", [NOW_S + 900], {}],
}
ATTACKS = {
    "nothing": "",
    "dots": "..",
    "no token at all": "Bearer",
    "one part": HEAD,
    "two parts": f"{HEAD}.{BODY}",
    "four parts": f"{GOOD}.{SEAL}",
    "five parts, as if encrypted": f"{HEAD}..{BODY}..{SEAL}",
    "no seal": f"{HEAD}.{BODY}.",
    "no body": f"{HEAD}..{SEAL}",
    "cut by one character": GOOD[:-1],
    "cut in half": GOOD[: len(GOOD) // 2],
    "padded": f"{GOOD}=",
    "padded twice": f"{GOOD}==",
    "padded body": f"{HEAD}.{BODY}=.{SEAL}",
    "space behind": f"{GOOD} ",
    "line break in it": f"{HEAD}.\n{BODY}.{SEAL}",
    "null byte": f"{GOOD}\0",
    "not ASCII": f"{HEAD}.{BODY}.{SEAL}é",
    "lone surrogate": f"{GOOD}\ud800",
    "10 MB of it": GOOD * (10_000_000 // len(GOOD)),
    "10 MB header": f"{'A' * 10_000_000}.{BODY}.{SEAL}",
    "big and otherwise right": forge(HEADER, json.dumps(PAYLOAD).encode() + b" " * 8192),
    "alg none, no seal": f"{encode({**HEADER, 'alg': 'none'})}.{BODY}.",
    "alg none, old seal": f"{encode({**HEADER, 'alg': 'none'})}.{BODY}.{SEAL}",
    "alg None": f"{encode({**HEADER, 'alg': 'None'})}.{BODY}.",
    "alg nOnE": f"{encode({**HEADER, 'alg': 'nOnE'})}.{BODY}.",
    "alg empty": forge({**HEADER, "alg": ""}, PAYLOAD),
    "alg null": forge({**HEADER, "alg": None}, PAYLOAD),
    "alg a list": forge({**HEADER, "alg": ["HS256"]}, PAYLOAD),
    "alg missing": forge({"typ": "at+jwt", "kid": KID}, PAYLOAD),
    "alg in small letters": forge({**HEADER, "alg": "hs256"}, PAYLOAD),
    "alg HS384": forge({**HEADER, "alg": "HS384"}, PAYLOAD, digest="sha384"),
    "alg HS512": forge({**HEADER, "alg": "HS512"}, PAYLOAD, digest="sha512"),
    "alg RS256": forge({**HEADER, "alg": "RS256"}, PAYLOAD),
    "alg EdDSA": forge({**HEADER, "alg": "EdDSA"}, PAYLOAD),
    "alg dir": forge({**HEADER, "alg": "dir", "enc": "A256GCM"}, PAYLOAD),
    "typ JWT": forge({**HEADER, "typ": "JWT"}, PAYLOAD),
    "typ missing": forge({"alg": "HS256", "kid": KID}, PAYLOAD),
    "typ of another kind": forge({**HEADER, "typ": "refresh+jwt"}, PAYLOAD),
    "kid of no key": forge({**HEADER, "kid": "1"}, PAYLOAD),
    "kid of another key": forge({**HEADER, "kid": OLDER.kid.hex()}, PAYLOAD),
    "kid in capitals": forge({**HEADER, "kid": KID.upper()}, PAYLOAD),
    "kid with spaces": forge({**HEADER, "kid": f" {KID} "}, PAYLOAD),
    "kid a list": forge({**HEADER, "kid": [KID]}, PAYLOAD),
    "kid null": forge({**HEADER, "kid": None}, PAYLOAD),
    "kid twice": forge(
        json.dumps(HEADER).encode().replace(b"{", b'{"kid": "%s", ' % OLDER.kid.hex().encode()),
        PAYLOAD,
    ),
    "header in another order": forge(dict(reversed(HEADER.items())), PAYLOAD),
    "header with spaces": forge(json.dumps(HEADER).encode(), PAYLOAD),
    "kid missing": forge({"alg": "HS256", "typ": "at+jwt"}, PAYLOAD),
    "kid a path": forge({**HEADER, "kid": "../../../dev/null"}, PAYLOAD),
    "kid some SQL": forge({**HEADER, "kid": "1' OR '1'='1"}, PAYLOAD),
    "brings its own key": forge({**HEADER, "jwk": OWN_JWK}, PAYLOAD, key=bytes(32)),
    "brings its own key, sealed with ours": forge({**HEADER, "jwk": OWN_JWK}, PAYLOAD),
    "says where its key is": forge({**HEADER, "jku": "https://evil.example/keys"}, PAYLOAD),
    "says where its certificate is": forge({**HEADER, "x5u": "https://evil.example"}, PAYLOAD),
    "brings a certificate": forge({**HEADER, "x5c": ["MIIB"]}, PAYLOAD),
    "crit of something unknown": forge({**HEADER, "crit": ["evil"], "evil": 1}, PAYLOAD),
    "crit empty": forge({**HEADER, "crit": []}, PAYLOAD),
    "crit exp": forge({**HEADER, "crit": ["exp"]}, PAYLOAD),
    "body not encoded": forge({**HEADER, "b64": False, "crit": ["b64"]}, PAYLOAD),
    "compressed": forge({**HEADER, "zip": "DEF"}, PAYLOAD),
    "content type": forge({**HEADER, "cty": "JWT"}, PAYLOAD),
    "any other header": forge({**HEADER, "hello": "world"}, PAYLOAD),
    "header a list": forge([HEADER], PAYLOAD),
    "header a string": forge("HS256", PAYLOAD),
    "header not JSON": forge(b"{", PAYLOAD),
    "header not UTF-8": forge(b"\xff\xfe", PAYLOAD),
    "header nested without end": forge(b"[" * 300, PAYLOAD),
    "payload a list": forge(HEADER, [PAYLOAD]),
    "payload a string": forge(HEADER, "sub"),
    "payload null": forge(HEADER, None),
    "payload not JSON": forge(HEADER, b"{"),
    "payload not UTF-8": forge(HEADER, b"\xff\xfe"),
    "payload nested without end": forge(HEADER, b"[" * 5000),
    "sealed with another key": forge(HEADER, PAYLOAD, key=bytes(32)),
    "sealed with no key": forge(HEADER, PAYLOAD, key=b""),
    "sealed with the public issuer": forge(HEADER, PAYLOAD, key=b"beatrunner"),
    "body of another token": f"{HEAD}.{encode({**PAYLOAD, 'sub': str(new_id())})}.{SEAL}",
    "a refresh token": RefreshTokens(RING).issue(RefreshClaims(CLAIMS.sign_in_id, 0)),
    **{f"without {name}": forge(HEADER, without(name)) for name in PAYLOAD},
    **{
        f"{name} is {value!r}": forge(HEADER, {**PAYLOAD, name: value})
        for name, values in WRONG_CLAIMS.items()
        for value in values
    },
    "exp not a number": forge(
        HEADER, json.dumps(PAYLOAD).encode().replace(str(NOW_S + 900).encode(), b"NaN")
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused(name: str) -> None:
    with pytest.raises(NotSignedInError):
        access_tokens().read(ATTACKS[name])


def test_a_huge_token_is_refused_without_being_read() -> None:
    started_at = time.perf_counter()
    with pytest.raises(NotSignedInError):
        access_tokens().read(ATTACKS["10 MB header"])
    assert time.perf_counter() - started_at < 0.005


def test_the_longest_token_is_still_read() -> None:
    body = json.dumps(PAYLOAD).encode()
    longest = next(
        token
        for spaces in range(MAX_TOKEN_CHARACTERS, 0, -1)
        if len(token := forge(HEADER, body + b" " * spaces)) <= MAX_TOKEN_CHARACTERS
    )
    assert access_tokens().read(longest) == CLAIMS


@given(st.data())
def test_no_token_survives_a_changed_character(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_.=")).encode()[0]
    changed = bytearray(GOOD.encode())
    if changed[place] == letter:
        return
    changed[place] = letter
    try:
        found = access_tokens().read(changed.decode())
    except NotSignedInError:
        return
    # The last character of a part carries bits that mean nothing; what it says is still ours.
    assert place in (len(HEAD) + len(BODY), len(GOOD) - 1)
    assert found == CLAIMS


@given(st.text(max_size=300))
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(NotSignedInError):
        access_tokens().read(text)
    with pytest.raises(NotSignedInError):
        RefreshTokens(RING).read(text)


def test_an_access_token_expires(clock: HeldClock) -> None:
    tokens = access_tokens(clock)
    token = tokens.issue(CLAIMS)
    clock.advance(899)
    assert tokens.read(token) == CLAIMS
    clock.advance(1)
    with pytest.raises(NotSignedInError):
        tokens.read(token)


def test_tokens_of_an_older_secret_are_good_until_they_expire(clock: HeldClock) -> None:
    before = Keyring([OLDER])
    access = AccessTokens(before, clock, lifetime_s=900).issue(CLAIMS)
    refresh = RefreshTokens(before).issue(RefreshClaims(CLAIMS.sign_in_id, 7))
    assert access_tokens(clock).read(access) == CLAIMS
    assert RefreshTokens(RING).read(refresh).generation == 7
    assert access_tokens(clock).issue(CLAIMS) != access
    assert RefreshTokens(RING).issue(RefreshClaims(CLAIMS.sign_in_id, 7)) != refresh
    with pytest.raises(NotSignedInError):
        AccessTokens(before, clock, lifetime_s=900).read(access_tokens(clock).issue(CLAIMS))
    clock.advance(900)
    with pytest.raises(NotSignedInError):
        access_tokens(clock).read(access)


def test_what_is_issued_is_a_standard_token() -> None:
    found = jwt.decode(GOOD, OctKey.import_key(KEY), algorithms=["HS256"])
    assert found.header == HEADER
    assert found.claims == PAYLOAD


def test_a_refresh_token_of_a_generation_is_always_the_same() -> None:
    tokens = RefreshTokens(RING)
    claims = RefreshClaims(CLAIMS.sign_in_id, 7)
    assert tokens.issue(claims) == tokens.issue(claims)
    assert tokens.read(tokens.issue(claims)) == claims


def test_a_refresh_token_needs_the_key_and_every_bit() -> None:
    claims = RefreshClaims(CLAIMS.sign_in_id, 7)
    token = RefreshTokens(RING).issue(claims)
    attacks = [
        RefreshTokens(Keyring([ServerSecret(bytes(32))])).issue(claims),
        token + "=",
        token[:-1],
        token + "A",
        token.replace(token[3], "!", 1),
        GOOD,
    ]
    content = base64.urlsafe_b64decode(token + "==")
    for bit in range(len(content) * 8):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        attacks.append(base64.urlsafe_b64encode(changed).decode().rstrip("="))
    for attack in attacks:
        with pytest.raises(NotSignedInError):
            RefreshTokens(RING).read(attack)
