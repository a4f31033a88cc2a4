"""The slice's objects, from settings."""

from __future__ import annotations

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.build import Accounts
from beatrunner.db.engine import Database
from beatrunner.identity.codes import Codes
from beatrunner.identity.factors.passkeys import Passkeys
from beatrunner.identity.factors.second_factor import SecondFactor
from beatrunner.identity.factors.second_step import SecondStep
from beatrunner.identity.invitations import Invitations
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.identity.password_reset import PasswordResets
from beatrunner.identity.registration import Registrations
from beatrunner.identity.ways.changing import WaysChanger
from beatrunner.identity.ways.confirming import Confirming
from beatrunner.identity.ways.email_change import EmailChanges
from beatrunner.kit.clock import Clock
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.post import Post
from beatrunner.kit.sealing import Sealer
from beatrunner.kit.settings import Registration, Settings


def build_identity(
    settings: Settings,
    database: Database,
    clock: Clock,
    accounts: Accounts,
    ring: Keyring,
    post: Post,
) -> tuple[object, ...]:
    """What routes ask for."""
    hasher, sign_ins, budgets = accounts.hasher, accounts.sign_ins, accounts.budgets
    codes = Codes(ring)
    mail_budgets = AttemptBudgets(
        database, ring, clock, settings.mails_per_hour, purpose="mails-asked-for"
    )
    second_factor = SecondFactor(database, clock, Sealer(ring), budgets)
    second_step = SecondStep(database, clock, sign_ins, second_factor)
    by_mail = (database, clock, hasher, sign_ins, codes, budgets, mail_budgets, post)
    return (
        PasswordDoor(database, clock, hasher, budgets, sign_ins, second_step, post.afterwards),
        Registrations(*by_mail, is_wanted=settings.registration is Registration.OPEN),
        Invitations(database, clock, hasher, sign_ins, budgets, settings.registration),
        PasswordResets(*by_mail, accounts.personal_tokens),
        second_factor,
        second_step,
        Passkeys(database, clock, sign_ins, budgets),
        Confirming(database, clock, hasher, budgets, sign_ins, accounts.this_computer),
        WaysChanger(database, clock, hasher, sign_ins, post),
        EmailChanges(database, clock, codes, mail_budgets, post),
    )
