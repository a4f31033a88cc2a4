"""What the mails say. None holds a link: whoever gets used to those follows a forged one."""

from __future__ import annotations

from beatrunner.identity.codes import LIFETIME, shown
from beatrunner.kit.post import Mail

_MINUTES = int(LIFETIME.total_seconds()) // 60
_GOOD_FOR = (
    f"It is good for {_MINUTES} minutes, and only on the page where you asked for it. Give it to"
    " nobody: we never ask for it."
)
_NOT_YOU = "If that was not you, do nothing: without this code nothing happens."


def registration_code(to: str, code: str) -> Mail:
    return Mail(
        to,
        "Your code for BeatRunner",
        f"Your code is\n\n    {shown(code)}\n\n{_GOOD_FOR}\n\n{_NOT_YOU}\n",
    )


def already_registered(to: str) -> Mail:
    return Mail(
        to,
        "You already have a BeatRunner account",
        "Somebody, probably you, asked for a BeatRunner account with this address. There is one"
        " already: sign in with it, or choose “Forgotten your password?” there.\n\nIf that was not"
        " you, do nothing: your account is as it was.\n",
    )


def reset_code(to: str, code: str) -> Mail:
    return Mail(
        to,
        "Your code for a new BeatRunner password",
        f"Your code is\n\n    {shown(code)}\n\n{_GOOD_FOR}\n\n{_NOT_YOU}\n",
    )


def password_changed(to: str) -> Mail:
    return Mail(
        to,
        "Your BeatRunner password was changed",
        "The password of your BeatRunner account was changed just now.\n\nIf that was not you,"
        " choose “Forgotten your password?” where you sign in, and take a new one at once.\n",
    )


def email_change_code(to: str, code: str) -> Mail:
    return Mail(
        to,
        "Your code for a new BeatRunner address",
        f"Your code is\n\n    {shown(code)}\n\n{_GOOD_FOR}\n\n{_NOT_YOU}\n",
    )


def email_taken(to: str) -> Mail:
    return Mail(
        to,
        "This address has a BeatRunner account",
        "Somebody, probably you, asked to use this address for their BeatRunner account. It"
        " belongs to another account already, so nothing was changed.\n",
    )


def email_changed(old: str, new: str) -> Mail:
    return Mail(
        old,
        "Your BeatRunner address was changed",
        f"Your BeatRunner account now uses the address {new}, and no longer this one.\n\nIf that"
        " was not you, tell whoever runs this BeatRunner.\n",
    )
