"""Which newsletters are kept for the holders of a tier, and so closed to everybody else.

A tier is named by a site's record and held by a token that the site's portal signed (`ui/identity.py`). What one
site keeps for a tier is closed on every way in: to readers of other sites, on the chat page, over the API, by MCP.
Only the holder of the admin key, and the machine's own command line, see all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant import Assistant
from index.passage import NewsletterInfo
from index.retriever import matching_newsletters
from ui.sites import Site, SiteRegistry


def closed_ids(
    newsletters: Sequence[NewsletterInfo],
    sites: Iterable[Site],
    own: Site | None = None,
    tiers: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The ids of the newsletters closed to a reader of the site `own` (None: of no site) who holds `tiers` there.

    Of the reader's own site whatever belongs to a tier not held is closed; of other sites whatever belongs to any
    tier, unless a tier that is held opens it.
    """
    opened: set[str] = set()
    closed: set[str] = set()
    elsewhere: set[str] = set()
    for site in sites:
        for name, tier in site.tiers.items():
            within = matching_newsletters(newsletters, site.scope.filters())
            ids = {info.id for info in matching_newsletters(within, tier.filters())}
            if own is None or site.id != own.id:
                elsewhere |= ids
            elif name in tiers:
                opened |= ids
            else:
                closed |= ids
    return frozenset(closed | (elsewhere - opened))


class ClosedToAll:
    """The ids that everybody without a tier is kept from, worked out again when the index or the sites change."""

    def __init__(self, assistant: Assistant, sites: SiteRegistry) -> None:
        self._assistant = assistant
        self._sites = sites
        self._known: tuple[object, object, frozenset[str]] = (None, None, frozenset())

    def ids(self) -> frozenset[str]:
        """Those ids now."""
        snapshot, state = self._assistant.snapshot(), self._sites.state()
        if self._known[0] is not snapshot or self._known[1] is not state:
            tiered = [site for site in self._sites.all() if site.tiers]
            ids = closed_ids(self._assistant.newsletters(), tiered) if tiered else frozenset()
            self._known = (snapshot, state, ids)
        return self._known[2]
