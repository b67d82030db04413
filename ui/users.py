"""Who may sign in to the chat page: one `NAME:HASH` line a user, passwords as scrypt hashes (RFC 7914) with a salt each."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from functools import cache
from pathlib import Path

from ui.errors import UiError, unusable
from ui.sites import write_private

_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,79}")
LEAST_CHARACTERS = 10
MOST_CHARACTERS = 200


class UserError(UiError):
    """A user cannot be added or removed, or the file of users cannot be read; the text names the remedy."""


class Users:
    """The users in one file, read again whenever it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int, int] | None = None
        self._hashes: dict[str, str] = {}

    def names(self) -> list[str]:
        """Every user's name, sorted."""
        return sorted(self._load())

    def hash_of(self, name: str) -> str | None:
        """What is kept of a user's password; it changes with the password. None for a name that is no user's."""
        return self._load().get(name)

    def fits(self, name: str, password: str) -> bool:
        """Whether a user of that name has this password; it takes as long for a name that is no user's."""
        return _fits(password[: MOST_CHARACTERS + 1], self.hash_of(name) or _nobodys())

    def add(self, name: str, password: str) -> None:
        """Keep a user, with a new password where the name is known. Raises UserError for what cannot be used."""
        if not _NAME.fullmatch(name):
            raise UserError(f"{name[:80]!r} is no user's name: write letters, digits and . _ @ + -, at most 80.")
        if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
            raise UserError(f"The password must have {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters.")
        self._save({**self._load(), name: hashed(password)})

    def remove(self, name: str) -> None:
        """Forget a user, which ends their visits. Raises UserError for a name that is no user's."""
        known = self._load()
        if name not in known:
            raise UserError(f"There is no user {name[:80]!r} in {self._path}; `users list` shows those there are.")
        self._save({other: kept for other, kept in known.items() if other != name})

    def _load(self) -> dict[str, str]:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise UserError(unusable(self._path, "read", error)) from error
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._read:
            try:
                lines = self._path.read_text(encoding="utf-8").splitlines()
            except (OSError, ValueError) as error:
                raise UserError(f"{self._path} cannot be read as a list of users ({error}); mend it.") from error
            pairs = (line.strip().partition(":") for line in lines if line.strip() and not line.startswith("#"))
            self._hashes, self._read = {name: kept for name, _, kept in pairs}, stamp
        return self._hashes

    def _save(self, hashes: dict[str, str]) -> None:
        lines = "".join(f"{name}:{kept}\n" for name, kept in sorted(hashes.items()))
        try:
            write_private(self._path, lines.encode())
        except OSError as error:
            raise UserError(unusable(self._path, "written", error)) from error


@cache
def _nobodys() -> str:
    """What is compared with for a name that is no user's."""
    return hashed(secrets.token_hex(8))


def hashed(password: str) -> str:
    """The password's hash with a new salt."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_text(salt)}${_text(_derived(password, salt))}"


def _fits(password: str, kept: str) -> bool:
    kind, _, rest = kept.partition("$")
    salt, _, derived = rest.partition("$")
    try:
        expected = base64.b64decode(derived, validate=True)
        found = _derived(password, base64.b64decode(salt, validate=True))
    except (ValueError, binascii.Error):
        return False
    return kind == "scrypt" and len(expected) == len(found) and hmac.compare_digest(found, expected)


def _derived(password: str, salt: bytes) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
