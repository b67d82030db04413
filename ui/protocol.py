"""HTTP connections that are not waited for: a request's head must come whole, small and in time.

uvicorn puts no limit on either, so a client that sends a byte a minute, or headers without end, would hold a
connection and memory for as long as it likes. The body has limits of its own in the door.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 15.0
HEAD_BYTES = 64 * 1024


class ImpatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's protocol, which closes a connection whose next request's head is late or too large."""

    _timer: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Any) -> None:
        """Wait for a first request, but not for ever."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take what came, and note whether a head is still incomplete."""
        if self._is_idle():
            self._head += 0 if self._has_body_left() else len(data)
            if self._timer is None:
                self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)
        super().data_received(data)
        if not self._is_idle():
            self._head = 0
            self._stop_timer()
        elif self._head > HEAD_BYTES:
            self._give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer with the connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _has_body_left(self) -> bool:
        """Whether what comes may be the rest of a body that was refused before its end."""
        return self.cycle is not None and bool(self.cycle.more_body)

    def _give_up(self) -> None:
        self._timer = None
        if self._is_idle() and not self.transport.is_closing():
            self.transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
