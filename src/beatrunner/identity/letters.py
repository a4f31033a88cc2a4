"""What the mails say.

None holds a link but those that the administrator has sent, to somebody who has just been told to
look for them: whoever gets used to links follows a forged one.
"""

from __future__ import annotations

from collections.abc import Sequence

from beatrunner.identity.codes import LIFETIME, shown
from beatrunner.identity.invitations import LIFETIME as INVITED_FOR
from beatrunner.kit.post import Mail

_MINUTES = int(LIFETIME.total_seconds()) // 60
_DAYS = INVITED_FOR.days
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


def invitation(to: str, link: str) -> Mail:
    return Mail(
        to,
        "You are invited to BeatRunner",
        "Whoever runs a BeatRunner has invited you to it. It shows which music makes you run, from"
        f" your own runs and listens. Make your account here:\n\n    {link}\n\nThe link is good"
        f" for {_DAYS} days, and once. If you do not know what this is about, do"
        " nothing: without you no account is made.\n",
    )


def reset_link(to: str, link: str) -> Mail:
    return Mail(
        to,
        "A new password for your BeatRunner account",
        "Whoever runs your BeatRunner was asked to let you take a new password. You can do so"
        f" here:\n\n    {link}\n\nThe link is good for a day, and once. If nobody asked for it,"
        " do nothing: your password stays as it is.\n",
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


def password_reset(to: str, passkeys: Sequence[str]) -> Mail:
    left = "No passkey signs in to it."
    if passkeys:
        names = "".join(f"    {name}\n" for name in passkeys)
        left = f"These passkeys still sign in to it:\n\n{names}\nRemove those you do not know."
    return Mail(
        to,
        "Your BeatRunner account has a new password",
        "Somebody, probably you, took a new password for your BeatRunner account just now."
        " Every sign-in was ended, and every access token for scripts was revoked."
        f"\n\n{left}\n\nIf that was not you, somebody else may read your mail: take another"
        " password for the mailbox first, and then a new one for BeatRunner.\n",
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
