from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import bcrypt
import pytest

from beatrunner.accounts.common_passwords import without_common
from beatrunner.accounts.passwords import (
    MAX_CHARACTERS,
    PasswordHasher,
    is_long,
    is_outdated,
    refuse_weak,
)
from beatrunner.kit.errors import RefusedError, TooManyError

SENTENCE = "seven foxes run home at dawn"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "fourteen chars",
        "passwordpassword",
        "PASSWORD1234567890",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "beatrunner12345!",
        "runner@example.com",
        "runnerrunnerrunner",
        "Runner@Example.com1",
        "qwertyuiopasdfghjkl",
        "correcthorsebatterystaple",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertzuiop1q2w3e4r5t6y!",
        "welcome admin letmein",
        "iloveyouiloveyou",
        "1qaz2wsx3edc4rfv",
        "monkeydragonfootball",
        "Trustno1Trustno1",
        "polniypizdec0211",
        "password" * 128,
        "\N{LATIN SMALL LIGATURE FF}" * 20,
    ],
)
def test_a_password_anybody_would_try_is_refused(password: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_weak(password, "Runner@example.com")
    assert refused.value.kind == "weak-password"


@pytest.mark.parametrize(
    "password",
    [SENTENCE, "läuft bei mir, läuft", "走る人は朝に強いと母が言っていた", "x9$Lq02mZp!r7Tw"],
)
def test_no_rule_says_what_a_password_is_made_of(password: str) -> None:
    refuse_weak(password, "runner@example.com")


def test_what_is_long_and_different_enough_is_counted_in_characters() -> None:
    # A ligature is two of them, and five different ones are the least.
    for least, is_alone in (
        ("o\ufb03ce at dawn 7", True),
        ("vq7rjx2m", False),
        ("vqxjz" * 3, True),
    ):
        refuse_weak(least, "runner@example.com", is_alone=is_alone)
    for less, is_alone in (("o\ufb03ce at dawn", True), ("vq7rjx2", False), ("vqxj" * 4, True)):
        with pytest.raises(RefusedError):
            refuse_weak(less, "runner@example.com", is_alone=is_alone)
    with pytest.raises(RefusedError):
        refuse_weak("vq7rjx2m", "runner@example.com")
    assert is_long("o\ufb03ce at dawn7")
    assert not is_long("o\ufb03ce at dawn")


@pytest.mark.parametrize("part", ["quolltrek", "zwiebel.test"])
def test_a_part_of_the_address_counts_for_nothing_but_the_name_of_its_server(part: str) -> None:
    password, email = f"{part}-{part}-{part}", "quolltrek@zwiebel.test"
    if part in email.partition("@")[0]:
        with pytest.raises(RefusedError):
            refuse_weak(password, email)
    else:
        refuse_weak(password, email)


async def test_a_stolen_password_is_taken_by_nobody() -> None:
    class Stolen:
        async def holds(self, password: str) -> bool:
            return password == "office at dawn, seven"

    hasher = PasswordHasher(1, Stolen())
    with pytest.raises(RefusedError) as refused:
        await hasher.hash_new("o\ufb03ce at dawn, seven")
    assert refused.value.kind == "stolen-password"
    for asking in (hasher, PasswordHasher(1)):
        assert await asking.verify(SENTENCE, await asking.hash_new(SENTENCE))


async def test_the_same_password_from_another_keyboard_matches() -> None:
    hasher = PasswordHasher(2)
    composed = await hasher.hash("l\u00e4uft bei mir, l\u00e4uft")
    assert await hasher.verify("la\u0308uft bei mir, la\u0308uft", composed)
    assert not await hasher.verify("lauft bei mir, lauft", composed)


async def test_the_hash_is_argon2id_with_at_least_the_recommended_cost() -> None:
    made = await PasswordHasher(1).hash(SENTENCE)
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert made != await PasswordHasher(1).hash(SENTENCE)


async def test_a_long_password_counts_to_its_end() -> None:
    hasher = PasswordHasher(2)
    long = "x" * (MAX_CHARACTERS - 1)
    made = await hasher.hash(long + "a")
    assert not await hasher.verify(long + "b", made)
    assert MAX_CHARACTERS == 1024


async def test_nobodys_password_takes_as_long_as_somebodys() -> None:
    hasher = PasswordHasher(1)
    made = await hasher.hash(SENTENCE)

    async def fastest(password_hash: str | None) -> float:
        times = []
        for _ in range(5):
            started_at = time.perf_counter()
            assert not await hasher.verify("something else entirely", password_hash)
            times.append(time.perf_counter() - started_at)
        return min(times)

    assert await fastest(None) > 0.5 * await fastest(made)


async def test_a_broken_hash_matches_nothing() -> None:
    assert not await PasswordHasher(1).verify(SENTENCE, "$argon2id$broken")


async def test_a_crowd_is_turned_away_and_the_rest_is_served() -> None:
    hasher = PasswordHasher(2, waiting=6)
    outcomes = await asyncio.gather(
        *(hasher.verify(SENTENCE, None) for _ in range(10)), return_exceptions=True
    )
    turned_away = [found for found in outcomes if isinstance(found, TooManyError)]
    assert len(turned_away) == 4
    assert {error.retry_after_s for error in turned_away} == {2}
    assert outcomes.count(False) == 6
    assert not await hasher.verify(SENTENCE, None)


async def test_whoever_tried_less_goes_first() -> None:
    hasher, order = PasswordHasher(1), list[int]()

    async def come(tries: int) -> None:
        await hasher.verify(SENTENCE, None, tries=tries)
        order.append(tries)

    await asyncio.gather(*map(come, (9, 30, 2, 7, 1, 7)))
    assert order == [9, 1, 2, 7, 7, 30]


async def test_a_flood_of_guesses_turns_nobody_else_away() -> None:
    hasher = PasswordHasher(1, waiting=6)
    flood = [
        asyncio.create_task(hasher.verify(SENTENCE, None, tries=tries)) for tries in range(10, 30)
    ]
    await asyncio.sleep(0)
    honest = [hasher.verify(SENTENCE, None) for _ in range(5)]
    assert await asyncio.gather(*honest) == [False] * 5
    outcomes = await asyncio.gather(*flood, return_exceptions=True)
    assert outcomes[0] is False
    assert all(isinstance(found, TooManyError) for found in outcomes[1:])


async def test_whoever_gives_up_keeps_nobody_from_their_turn() -> None:
    hasher = PasswordHasher(1, waiting=6)
    for _ in range(3):
        crowd = [asyncio.create_task(hasher.verify(SENTENCE, None)) for _ in range(6)]
        await asyncio.sleep(0)
        for one in crowd[::2]:
            one.cancel()
        outcomes = await asyncio.gather(*crowd, return_exceptions=True)
        assert outcomes.count(False) == 3
    assert await asyncio.gather(*(hasher.verify(SENTENCE, None) for _ in range(6))) == [False] * 6


async def test_whoever_gave_up_is_the_one_to_leave_when_room_is_wanted() -> None:
    hasher = PasswordHasher(1, waiting=4)
    crowd = [asyncio.create_task(hasher.verify(SENTENCE, None)) for _ in range(3)]
    given_up = asyncio.create_task(hasher.verify(SENTENCE, None, tries=9))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    assert await asyncio.gather(*crowd, hasher.verify(SENTENCE, None)) == [False] * 4


class Counting(PasswordHasher):
    """Notes what is checked, and how many at once."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self.checked: list[str] = []
        self.most_at_once = self.at_once = 0

    def matches(self, password: str, password_hash: str) -> bool:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.005)
        self.checked.append(password_hash.rpartition("$")[0])
        self.at_once -= 1
        return False


async def test_no_more_are_checked_at_once_later_than_at_first() -> None:
    hasher = Counting(1)
    for _ in range(6):
        await hasher.verify(SENTENCE, None)
    await asyncio.gather(*(hasher.verify(SENTENCE, None) for _ in range(12)))
    assert hasher.most_at_once == 1


async def test_every_check_is_as_much_work_while_one_bcrypt_hash_is_left() -> None:
    hasher, argon2 = Counting(1), (await PasswordHasher(1).hash(SENTENCE))
    own, dearest = (f"$2b$0{cost}$" + "." * 53 for cost in (4, 6))

    async def work(password_hash: str | None) -> tuple[int, int]:
        hasher.checked.clear()
        await hasher.verify(SENTENCE, password_hash, dearest_bcrypt=dearest)
        rounds = [2 ** int(one[4:6]) for one in hasher.checked if one.startswith("$2b$")]
        return sum(rounds), len(hasher.checked) - len(rounds)

    for password_hash in (None, own, dearest, argon2):
        assert await work(password_hash) == (2**6, 1)


async def test_old_bcrypt_hashes_are_checked_as_bcrypt_did() -> None:
    hasher = PasswordHasher(1)
    old = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert await hasher.verify("x" * 72, old)
    assert await hasher.verify("x" * 72 + "whatever", old)
    assert not await hasher.verify("x" * 71, old)
    for dearest in (None, old, "$2b$broken"):
        assert await hasher.verify("x" * 72, old, dearest_bcrypt=dearest)
        assert not await hasher.verify("x" * 72, "$2b$broken", dearest_bcrypt=dearest)
        assert not await hasher.verify("x" * 72, None, dearest_bcrypt=dearest)
    made = await hasher.hash(SENTENCE)
    assert await hasher.verify(SENTENCE, made, dearest_bcrypt=old)
    assert is_outdated(old)
    assert is_outdated(made.replace("m=19456", "m=9728"))
    assert not is_outdated(made)


def test_the_list_is_read_when_somebody_needs_it_and_not_before() -> None:
    script = "import sys; import beatrunner.wiring; print('zxcvbn' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert told.stdout.strip() == b"False"


def test_the_longest_password_is_looked_through_in_no_time() -> None:
    without_common("a password")
    started_at = time.process_time()
    for hostile in ("passw" * 205, "p" * 1024, "12345678" * 128):
        without_common(hostile)
    assert time.process_time() - started_at < 0.5
