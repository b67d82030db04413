"""Addresses a reader may follow: http, https and mailto only, without the parameters that track readers."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "yclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "ck_subscriber_id",
        "_hsenc",
        "_hsmi",
        "vero_id",
        "vero_conv",
        "oly_anon_id",
        "oly_enc_id",
        "s_cid",
        "trk",
        "trkcampaign",
        "sb_referrer",
        "ref_src",
    ]
)


def web_address(url: str | None) -> str | None:
    """`url` without tracking parameters if it is an http, https or mailto address, else None."""
    cleaned = "".join(c for c in (url or "").strip() if c.isprintable())
    scheme = cleaned.partition(":")[0].lower()
    if scheme == "mailto":
        return cleaned
    return without_tracking(cleaned) if cleaned.lower().startswith(("http://", "https://")) else None


def without_tracking(url: str) -> str:
    """`url` without the query parameters that newsletter services add to recognise a reader."""
    if "?" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _tracks(name)]
    return url if len(kept) == len(pairs) else urlunsplit(parts._replace(query=urlencode(kept)))


def _tracks(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in _TRACKING
