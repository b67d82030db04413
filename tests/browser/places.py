"""The windows in which the page is tried: three widths, two languages, two colour schemes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from ui.language import Words, languages

PHONE, TABLET, DESKTOP = 390, 768, 1440
WINDOW = ("width", "locale", "scheme")
EVERYWHERE = pytest.mark.parametrize(
    WINDOW,
    [
        (PHONE, "en-GB", "dark"),
        (PHONE, "zh-CN", "light"),
        (TABLET, "en-GB", "light"),
        (TABLET, "zh-CN", "dark"),
        (DESKTOP, "en-GB", "dark"),
        (DESKTOP, "zh-CN", "light"),
    ],
)
# Every width, language and colour scheme at least once, for what takes a server of its own
EACH_ONCE = pytest.mark.parametrize(
    WINDOW, [(PHONE, "zh-CN", "dark"), (TABLET, "en-GB", "light"), (DESKTOP, "zh-CN", "light")]
)


class Place:
    """A window of one width, language and colour scheme, to open the page in."""

    def __init__(self, visit: Callable[..., Page], width: int, locale: str, scheme: str) -> None:
        self.words: Words = languages()[locale[:2]]
        self._visit = visit
        self._options: dict[str, Any] = {
            "viewport": {"width": width, "height": 844},
            "locale": locale,
            "color_scheme": scheme,
            "bypass_csp": True,
            "permissions": ["clipboard-read", "clipboard-write"],
        }

    def open(self, path: str = "/", **options: Any) -> Page:
        """The page at `path`, in a browser context of its own."""
        return self._visit(path, **self._options, **options)


def button(within: Page | Locator, name: str) -> Locator:
    """The button of exactly that name."""
    return within.get_by_role("button", name=name, exact=True)
