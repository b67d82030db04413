"""Stopping gracefully: running answers finish, new ones are told to come back.

`Drain` is the one switch a server has. The door counts the requests that work on an answer by it; once it is
`stopping`, new ones get 503 with Retry-After, and the server ends when none is left or `SECONDS` have passed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ui.problems import Problem

SECONDS = 10.0
_NEW = ("/api/v1/ask", "/api/v1/search", "/api/v1/admin", "/v1/chat", "/mcp", "/gradio_api/queue/join")
_RUNNING = (*_NEW, "/gradio_api/queue/data")


class Drain:
    """Counts running answers, and says when the server may end."""

    def __init__(self) -> None:
        self._running = 0
        self._since: float | None = None

    @property
    def stopping(self) -> bool:
        """Whether the server has been told to stop."""
        return self._since is not None

    @property
    def done(self) -> bool:
        """Whether the server may end: told to stop, and nothing runs or the time is over."""
        return self._since is not None and (not self._running or time.monotonic() - self._since > SECONDS)

    def begin(self) -> None:
        """Start to stop."""
        self._since = self._since or time.monotonic()

    def refusal(self, path: str) -> Problem | None:
        """The 503 problem for new work on a server that stops."""
        if self.stopping and path.startswith(_NEW):
            return Problem(
                503,
                "The server is stopping; ask again in a moment.",
                headers={"Retry-After": "5", "Connection": "close"},
            )
        return None

    @contextmanager
    def counted(self, path: str) -> Iterator[None]:
        """Count a request to `path` while it is handled, if it works on an answer."""
        if not path.startswith(_RUNNING):
            yield
            return
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
