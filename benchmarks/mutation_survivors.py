"""Mutants of what guards accounts that do no harm, each with the reason why.

`./dev bench mutation` reports what is listed here although a test notices it.
"""

from __future__ import annotations

_SIZE = "How much is kept in memory at most, or how long; a quarter more or less is as good."
_NO_CRASH = "When nothing is counted of crashes, it does not matter when they were."
_FROZEN = "It says that nobody changes one, and nobody does; `mypy` would tell."
_POWER_CUT = "What is lost without it is lost when the power goes, which no test brings about."
_CELL = "Where a search begins; the circle then gathers what lies around, whatever the cell."
_NUMBERS = "Another number for each cell, and still one of its own."
_KEY = "Whose span it is is not asked here; it is for finding its row that the index is kept."
_NO_KEY = "Without a key what follows is refused like anything that cannot be read."
_OTHER_LENGTH = "What is longer or shorter has not its seal; this spares looking for it."
_TRIES = "Of whoever says nothing; they are compared, and no try is a quarter."
_ROW_DECIDES = "The row is changed once a minute all the same; this spares asking it."
_NO_TOKEN = "Nothing else has the hash of a token; this spares looking for it."
_PATIENCE = "Whoever waits that long waits a little more or less as well."
_ANNOTATION = "A name for annotations alone."

HARMLESS: dict[str, str] = {
    "clip.: _Rows = npt.NDArray[np.intp] -> pass": _ANNOTATION,
    "clip._pieces: 1 -> 1.25": "Rows are counted whole.",
    "crypto.ServerSecret.derive_key: if purpose not in self._derived: -> if True:": (
        "What is derived once more is the same, and takes longer."
    ),
    "hiding._apart_m: 0 -> -1": "The first of one is its last.",
    "keyring.KeptSecret: True -> False": _FROZEN,
    "keyring._File: True -> False": _FROZEN,
    "keyring._make: file.flush() -> pass": _POWER_CUT,
    "keyring._make: os.fsync(file.fileno()) -> pass": _POWER_CUT,
    "keyring._make: if path.exists(): -> if False:": (
        "The link beneath decides, which fails where there is a file; this saves the way to it."
    ),
    "limiter.: if TYPE_CHECKING: -> if False:": _ANNOTATION,
    "limiter.: 0.25 -> 0.1875": _PATIENCE,
    "limiter.: 0.25 -> 0.3125": _PATIENCE,
    "limiter.RequestLimiter: True -> False": (
        "`strict` says that there are as many; so there are."
    ),
    "local.: 10000 -> 12500.0": _SIZE,
    "local.: 10000 -> 7500.0": _SIZE,
    "local.LocalCounts.__init__: 0.0 -> 1": _NO_CRASH,
    "local.LocalCounts.__init__: 0.0 -> -1": _NO_CRASH,
    "local.LocalCounts.__init__: 0 -> -1": "A list repeated so many times is empty, too.",
    "passkeys_verifying.RelyingParty.at: urlsplit(f'//{host}').hostname or '' -> "
    "urlsplit(f'//{host}').hostname": "No name is as little as an empty one.",
    "passkeys_verifying._is_address: return False -> return None": "It is as untrue.",
    "passkeys_verifying.check_signature: 0 -> -1": "Its caller compares the counts.",
    "passwords.: T = TypeVar('T') -> pass": _ANNOTATION,
    "passwords.PasswordHasher.__init__: 64 -> 48.0": _SIZE,
    "passwords.PasswordHasher.__init__: 64 -> 80.0": _SIZE,
    "passwords.PasswordHasher._alike: password_hash or '' -> password_hash": (
        "What has a cost is a hash."
    ),
    "passwords.PasswordHasher: 1 -> 0.75": _TRIES,
    "passwords.PasswordHasher: 1 -> 0.75 (no. 2)": _TRIES,
    "passwords.PasswordHasher: 1 -> 0.75 (no. 3)": _TRIES,
    "passwords.PasswordHasher: 1 -> 1.25": _TRIES,
    "passwords.PasswordHasher: 1 -> 1.25 (no. 2)": _TRIES,
    "passwords.PasswordHasher: 1 -> 1.25 (no. 3)": _TRIES,
    "passwords.PasswordHasher: turn.done() and (not turn.cancelled()) and "
    "(turn.exception() is None) -> not turn.cancelled() and turn.exception() is None": (
        "A turn that was waited for is done."
    ),
    "passwords.PasswordHasher: turn.done() and (not turn.cancelled()) and "
    "(turn.exception() is None) -> turn.done() and turn.exception() is None": (
        "Asking why it was cancelled raises what is being raised."
    ),
    "personal_tokens.: 10000 -> 12500.0": _SIZE,
    "personal_tokens.: 10000 -> 7500.0": _SIZE,
    "personal_tokens.PersonalTokens: if found.used_at is None or "
    "found.used_at <= now - _USES_APART: -> if True:": _ROW_DECIDES,
    "personal_tokens.PersonalTokens: now - _USES_APART -> now + _USES_APART": _ROW_DECIDES,
    "personal_tokens.PersonalTokens: if len(self._holders) >= _MOST_REMEMBERED: -> "
    "if False:": _SIZE,
    "personal_tokens.PersonalTokens: len(self._holders) >= _MOST_REMEMBERED -> "
    "len(self._holders) > _MOST_REMEMBERED": _SIZE,
    "personal_tokens.PersonalTokens: if not _FORM.fullmatch(text): -> if False:": _NO_TOKEN,
    "personal_tokens.PersonalTokens: await lock_ways_in(tx, account_id) -> pass": (
        "On SQLite one writes at a time; on PostgreSQL, which is not asked here, a test notices."
    ),
    "projection._soundtrack: True -> False": "`strict` says that there are as many; so there are.",
    "projection._soundtrack: row.track_id and str(row.track_id) -> row.track_id": _KEY,
    "projection._soundtrack: row.track_id and str(row.track_id) -> "
    "row.track_id or str(row.track_id)": _KEY,
    "projection._soundtrack: row.track_id and str(row.track_id) -> str(row.track_id)": _KEY,
    "projection._soundtrack: song_id is not None and len(numbers) > len(songs) -> "
    "len(numbers) > len(songs)": "What has no number gave none out.",
    "sealing.: 16 -> 12.0": "AES-GCM refuses what is shorter than its tag by itself.",
    "sealing.Sealer.open: not head.startswith(_VERSION) or "
    "len(rest) < _NONCE_BYTES + _TAG_BYTES -> len(rest) < _NONCE_BYTES + _TAG_BYTES": (
        "The version is among the associated data, so another opens nothing; only the words differ."
    ),
    "tokens.AccessTokens.read: if secret is None: -> if False:": _NO_KEY,
    "tokens.AccessTokens.read: len(token) > MAX_TOKEN_CHARACTERS -> "
    "len(token) >= MAX_TOKEN_CHARACTERS": "None that could be good is just as long.",
    "tokens.AccessTokens.read: raise NotSignedInError -> pass (no. 2)": _NO_KEY,
    "tokens.AccessTokens.read: raise NotSignedInError from error -> pass": (
        "The line after it says the same."
    ),
    "tokens.RefreshTokens.read: True -> False": "What is skipped then is missing in the seal.",
    "tokens.RefreshTokens.read: if len(token) != self._CHARACTERS: -> if False:": _OTHER_LENGTH,
    "tokens.RefreshTokens.read: raise NotSignedInError -> pass": _OTHER_LENGTH,
    "usual_places.: 0.002 -> 0.0015": _CELL,
    "usual_places.: 0.002 -> 0.0025": _CELL,
    "usual_places.: 2 -> 1.5": "Runs are counted whole.",
    "usual_places.: _Flags = npt.NDArray[np.bool_] -> pass": _ANNOTATION,
    "usual_places._in_fullest_cell: rows * _CELLS_AROUND + columns % _CELLS_AROUND -> "
    "rows * _CELLS_AROUND - columns % _CELLS_AROUND": _NUMBERS,
    "usual_places._in_fullest_cell: rows * _CELLS_AROUND -> rows / _CELLS_AROUND": _NUMBERS,
    "usual_places.usual_places: 2 -> 2.5 (no. 2)": "`numpy.repeat` takes the whole of it.",
}
