"""The address of a single answer: the answer itself, compressed and signed, so that the server keeps nothing.

Only this server's answers can be shared: a link whose signature does not hold shows nothing of what it carries.
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

from assistant import Answer

PREFIX = "/answer/"
MOST_BYTES = 200_000
_SIGNATURE = 12


class Sharing:
    """Makes and opens such addresses with the server's `secret`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.sha256(b"shared answers" + secret).digest()

    def path(self, answer: Answer) -> str:
        """The address of `answer` on this server."""
        document = replace(answer, timings={}, dropped=()).to_dict()
        del document["text"]
        packed = zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), 9)
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

    def _sign(self, packed: bytes) -> bytes:
        return hmac.new(self._key, packed, hashlib.sha256).digest()[:_SIGNATURE]
