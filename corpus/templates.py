"""Site-generator markup in Markdown: front matter, Liquid, Jekyll and Hugo tags, attribute lists, comments.

Noise is dropped; text that a tag carries for the reader (`details-list.md q0="…" a0="…"`) is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

# Blank lines may stand before YAML, not before a rule that divides text
_FRONT = re.compile(
    r"\A(?:\ufeff?|(?:[\ufeff \t\r]*\n)*\ufeff?(?=---[ \t]*\n[\w-]{1,40}:))---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)",
    re.S,
)
_TOML_FRONT = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(?P<toml>.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.S)
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|<!--.*?-->", re.S)
_TAG = re.compile(r"\{%-?(?P<body>.{0,20000}?)-?%\}", re.S)
_VALUE = re.compile(r"\b[\w-]+\s*=\s*(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)')", re.S)
_CAPTURE = re.compile(r"\{%-?\s*capture\s+(?P<name>[\w-]+)\s*-?%\}(?P<text>.*?)\{%-?\s*endcapture\s*-?%\}", re.S)
_LINKED_SHORTCODE = re.compile(r"\]\(\s*\{\{.*?\}\}[^)\n]*\)", re.S)
_SHORTCODE = re.compile(r"\{\{[<%].*?[%>]\}\}", re.S)
_VARIABLE = re.compile(r"\{\{-?\s*(?:page\.)?(?P<name>[\w.-]*)[^{}]*?\}\}")
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*\{:?\s*[#.][^{}\n]*\}|^[ \t]*\{:[^{}\n]*\}[ \t]*$", re.M)
_PROSE_WORDS = 3


def split_front_matter(source: str) -> tuple[dict[str, Any], str]:
    """The front matter (YAML or TOML; {} without one) and the text behind it; damaged YAML is read line by line."""
    match = _FRONT.match(source)
    if match:
        return _load_yaml(match["yaml"]), source[match.end() :]
    match = _TOML_FRONT.match(source)
    if match:
        return _load_toml(match["toml"]), source[match.end() :]
    return {}, source


def strip_templates(source: str, front: Mapping[str, Any]) -> str:
    """Markdown without tags of site generators; variables of the page's own front matter are filled in."""
    source = _COMMENT.sub("", source)
    captured = {m["name"]: m["text"].strip() for m in _CAPTURE.finditer(source)}
    source = _CAPTURE.sub("", source)
    source = _TAG.sub(lambda m: _prose_of_tag(m["body"]), source)
    source = _LINKED_SHORTCODE.sub("](#)", source)
    source = _SHORTCODE.sub("", source)
    known = {**{k: str(v) for k, v in front.items() if isinstance(v, (str, int, float))}, **captured}
    source = _VARIABLE.sub(lambda m: known.get(m["name"], ""), source)
    return _ATTRIBUTES.sub("", source)


def _prose_of_tag(body: str) -> str:
    """The values of a tag's parameters that read as prose, each a paragraph; "" for other tags."""
    if not body.strip().startswith("include"):
        return ""
    values = [(m["double"] if m["double"] is not None else m["single"]) for m in _VALUE.finditer(body)]
    prose = [" ".join(value.split()) for value in values if len(value.split()) >= _PROSE_WORDS]
    return "\n\n".join(["", *prose, ""]) if prose else ""


def _load_yaml(text: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        pairs = (line.partition(":") for line in text.splitlines() if re.match(r"[\w-]+:", line))
        return {key.strip(): value.strip().strip("'\"") for key, _, value in pairs}
    return {str(k): v for k, v in loaded.items()} if isinstance(loaded, dict) else {}


def _load_toml(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
