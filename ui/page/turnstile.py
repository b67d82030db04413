"""How much one reader of the page may ask: what the API's limits are to its clients.

Questions count against the same limit of the same address as the API's. What else costs the engine something, searching
and topics, has a generous limit of its own; editors' keys may be shown as seldom as to the API. The machine itself and
the holder of the admin key have none.
"""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from assistant import Settings
from ui.addresses import client_address, counted_as, is_local
from ui.administrator import RATE, is_admin
from ui.limits import RateLimiter

LOOKING = "300/minute"


@dataclass(frozen=True, slots=True)
class Turnstile:
    """Counts by address what readers of the page do."""

    limiter: RateLimiter
    settings: Settings

    def asking(self, request: gr.Request) -> int:
        """Count a question; the seconds its reader has to wait first, 0 where it may go on."""
        return self._wait(request, self.settings.server.rate_limit, "address")

    def looking(self, request: gr.Request) -> int:
        """Count a search or a topic; the seconds its reader has to wait first, 0 where it may go on."""
        return self._wait(request, LOOKING, "looking")

    def showing_a_key(self, request: gr.Request) -> int:
        """Count an editor's key that is shown; the seconds until one is looked at, 0 where it is."""
        return self._wait(request, RATE, "editor's key")

    def _wait(self, request: gr.Request, rate: str, kind: str) -> int:
        connection, proxies = request.request, self.settings.server.trusted_proxies
        if connection is None or is_local(connection, proxies) or is_admin(connection, self.settings):
            return 0
        address, _ = client_address(connection, proxies)
        return self.limiter.wait(rate, kind, counted_as(address)) or 0
