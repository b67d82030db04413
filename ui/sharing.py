"""The address of a single answer: the answer itself, compressed and signed, so that the server keeps nothing.

Only this server's answers can be shared: a link whose signature does not hold shows nothing of what it carries, and an
answer that a browser kept gets a link by its seal alone.
What it quotes is compared with the archive again whenever it is opened (`ui/standing.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from dataclasses import replace
from typing import Any

from assistant import Answer

PREFIX = "/answer/"
MOST_BYTES = 200_000
_SIGNATURE = 12


class Sharing:
    """Makes and opens such addresses with the server's `secret`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.sha256(b"shared answers" + secret).digest()
        self._kept_key = hashlib.sha256(b"kept answers" + secret).digest()

    def path(self, answer: Answer) -> str:
        """The address of `answer` on this server; ask for an answer of this server's engine only."""
        packed = zlib.compress(json.dumps(_document(answer), ensure_ascii=False, separators=(",", ":")).encode(), 9)
        return PREFIX + base64.urlsafe_b64encode(self._sign(packed) + packed).decode().rstrip("=")

    def open(self, token: str) -> Answer | None:
        """The answer in the last part of an address; None when it is damaged or another server's."""
        try:
            data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            signature, packed = data[:_SIGNATURE], data[_SIGNATURE:]
            if not hmac.compare_digest(signature, self._sign(packed)):
                return None
            text = zlib.decompressobj().decompress(packed, MOST_BYTES)
            return Answer.from_dict(json.loads(text))
        except (ValueError, KeyError, TypeError, zlib.error, binascii.Error):
            return None

    def seal(self, answer: Answer) -> str:
        """What shows later that this server's engine gave exactly `answer`, though a browser kept it meanwhile."""
        plain = Answer.from_dict(_document(answer))  # the same numbers as after a way through the browser
        said = json.dumps(_document(plain), sort_keys=True).encode()
        return base64.urlsafe_b64encode(hmac.digest(self._kept_key, said, hashlib.sha256)[:_SIGNATURE]).decode()

    def gave(self, answer: Answer, seal: str) -> bool:
        """Whether `seal` is that of `answer`: not one character of it is another's."""
        return hmac.compare_digest(self.seal(answer).encode(), seal.encode("utf-8", "replace"))

    def _sign(self, packed: bytes) -> bytes:
        return hmac.new(self._key, packed, hashlib.sha256).digest()[:_SIGNATURE]


def _document(answer: Answer) -> dict[str, Any]:
    document = replace(answer, timings={}, dropped=()).to_dict()
    del document["text"]
    return document
