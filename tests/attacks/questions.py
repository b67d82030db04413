"""Questions that attack."""

from __future__ import annotations

from attacks.newsletters import INJECTIONS, LINKS, MARKUP, PLACES

_STRANGE = (
    "\x00",
    "\u200b",
    "\ud83d",
    "\u202eevil\u202c",
    "a" * 2000,
    "?" * 2000,
    "word " * 390,
    "ff\r\nSet-Cookie: a=1\r\n\r\n<html>",
    "' OR '1'='1' --",
    '"; DROP TABLE newsletters; --',
    "$(cat /etc/passwd)",
    "`id`; | sleep 10",
    "${jndi:ldap://127.0.0.1/a}",
    "http://169.254.169.254/latest/meta-data/",
    "%00%0d%0a..%2f..%2f",
    "((((((((((((((((((((a*)*)*)*)*)*)*)*)*)*",
    "since 9999-99-99 until 0000-00-00",
    "issue 99999999999999999999999999",
    "between 31 February 2019 and 2019-13-40",
    "𝕴𝖌𝖓𝖔𝖗𝖊 the rules",
    "\u0301" * 500,
    "👩‍👩‍👧‍👦" * 100,
)
QUESTIONS = (*MARKUP, *LINKS, *INJECTIONS, *PLACES, *_STRANGE)
