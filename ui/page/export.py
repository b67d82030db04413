"""A conversation as a document to keep: Markdown, HTML or JSON, with every citation in full."""

from __future__ import annotations

import json

from assistant import Answer, Citation
from ui.language import Words
from ui.page.shelf import Conversation
from ui.render import escape, original_url, place_words, reader_path

KINDS = {"markdown": ("md", "text/markdown"), "html": ("html", "text/html"), "json": ("json", "application/json")}


def exported(words: Words, conversation: Conversation, kind: str, *, title: str, address: str) -> dict[str, str]:
    """The document's file name, media type and text; `address` is this server's, for links to the issues."""
    suffix, media = KINDS[kind]
    match kind:
        case "markdown":
            text = _markdown(words, conversation, title, address)
        case "html":
            text = _html(words, conversation, title, address)
        case _:
            text = _json(conversation)
    name = "".join(c if c.isalnum() else "-" for c in conversation.title).strip("-")[:60] or "conversation"
    return {"name": f"{name}.{suffix}", "type": media, "text": text}


def _markdown(words: Words, conversation: Conversation, title: str, address: str) -> str:
    head = [
        f"# {_plain(conversation.title)}",
        "",
        f"{words('exported_on', title=_plain(title))}, {words.date(conversation.at[:10])}",
    ]
    parts = [part for answer in conversation.answers for part in _markdown_answer(words, answer, address)]
    return "\n".join([*head, "", *parts])


def _markdown_answer(words: Words, answer: Answer, address: str) -> list[str]:
    lines = [f"## {_plain(answer.question)}", ""]
    if answer.sentences:
        marked = [s.lead + s.text + "".join(f" [{n}]" for n in s.citations) for s in answer.sentences]
        lines += [_plain("\n\n".join(marked)), ""]
    else:
        lines += [words("not_found"), "", f"{words('closest')}:", ""]
    for citation in answer.citations or answer.closest:
        about, link = _about(words, citation), _link(citation, address)
        lines += [
            f"[{citation.number}] {_plain(about)}  ",
            f"> {_plain(' '.join(citation.quote.split()))}",
            "",
            link,
            "",
        ]
    return lines


def _plain(text: str) -> str:
    """Text in which Markdown sees no markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}<>#|" else c for c in text)


def _html(words: Words, conversation: Conversation, title: str, address: str) -> str:
    answers = "".join(_html_answer(words, answer, address) for answer in conversation.answers)
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(conversation.title)}</title><style>"
        "body{font:1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
        "blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid #8aa}h2{margin-top:2rem}</style></head>"
        f"<body><h1>{escape(conversation.title)}</h1>"
        f"<p>{escape(words('exported_on', title=title))}, {escape(words.date(conversation.at[:10]))}</p>{answers}</body></html>"
    )


def _html_answer(words: Words, answer: Answer, address: str) -> str:
    marked = [
        escape(s.lead + s.text) + "".join(f" <sup>[{escape(str(n))}]</sup>" for n in s.citations)
        for s in answer.sentences
    ] or [escape(f"{words('not_found')} {words('closest')}:")]
    sources = "".join(
        f'<li value="{escape(str(c.number))}">{escape(_about(words, c))}<blockquote>{escape(c.quote)}</blockquote>'
        f'<a href="{escape(_link(c, address))}">{escape(words("read_in_issue"))}</a></li>'
        for c in answer.citations or answer.closest
    )
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in marked)
    return f"<h2>{escape(answer.question)}</h2>{paragraphs}<ol>{sources}</ol>"


def _json(conversation: Conversation) -> str:
    answers = [answer.to_dict() for answer in conversation.answers]
    document = {"title": conversation.title, "at": conversation.at, "answers": answers}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _about(words: Words, citation: Citation) -> str:
    section = place_words(citation.section, citation.page)
    line = words.issue(citation.title, citation.issue, citation.date, citation.publisher)
    return f"{line} · {section}" if section else line


def _link(citation: Citation, address: str) -> str:
    public = original_url(citation.url, citation.quote)
    return public or address.rstrip("/") + reader_path(citation.newsletter_id, citation.start, citation.end)
