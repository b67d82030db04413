"""The editor's insights: what is asked in vain, what was marked as wrong, what no answer cites, and how fast."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.insights import Group, Insights, insights
from ui.language import Words
from ui.page.add_tab import EditorGate
from ui.page.plots import bars
from ui.page.shell import I18N, PRIVATE, Shell, words_of
from ui.questions import SITE
from ui.render import escape, reader_path, snippet

MOST_SHOWN = 40


def insights_tab(shell: Shell, gate: EditorGate, tab: gr.Tab) -> None:
    """Lay the tab out and tie its events; call it inside the tab."""
    refresh = gr.Button(I18N("insights_refresh"), size="sm", visible=False)
    shown = gr.HTML("", elem_id="na-insights", apply_default_css=False)

    def show(editor: bool, request: gr.Request) -> tuple[Any, str]:
        words = words_of(request)
        if not editor:
            return gr.update(visible=False), f'<p class="na-empty">{escape(words("sign_in_first"))}</p>'
        found = insights(shell.desk.questions.entries(), shell.feedback.entries(), shell.whole.newsletters())
        return gr.update(visible=True), insights_html(words, found)

    told: dict[str, Any] = {"inputs": [gate.editor], "outputs": [refresh, shown], **PRIVATE}
    gate.editor.change(show, **told)
    tab.select(show, **told)
    refresh.click(show, **told)


def insights_html(words: Words, found: Insights) -> str:
    """The insights as a page."""
    if not found.asked:
        return f'<p class="na-empty">{escape(words("insights_empty"))}</p>'
    facts = (
        words.count("asked_total", found.asked),
        words("answered_share", share=f"{found.answered / found.asked:.0%}"),
        words("middle_time", ms=found.median_ms),
        words("slow_time", ms=found.slow_ms),
    )
    asked_on = " · ".join(f"{channel_name(words, channel)} {words.number(count)}" for channel, count in found.channels)
    return (
        f'<p class="na-facts">{escape(words("insights_intro"))}</p><p class="na-figures">{escape(" · ".join(facts))}</p>'
        f'<p class="na-facts">{escape(words("asked_on", channels=asked_on))}</p>'
        f"{bars(words, found.days, label='questions_over_time')}{bars(words, found.latency, label='latency_over_time')}"
        f"{_part(words, 'unanswered', [_group(words, group) for group in found.unanswered])}"
        f"{_part(words, 'disliked', [_judged(words, one) for one in found.disliked[-MOST_SHOWN:][::-1]])}"
        f"{_part(words, 'never_cited', _uncited(words, found))}"
    )


def _part(words: Words, title: str, items: list[str]) -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    body = f"<ul>{rows}</ul>" if rows else f'<p class="na-empty">{escape(words("nothing_here"))}</p>'
    return f'<section class="na-part"><h2>{escape(words(title))}</h2>{body}</section>'


def _group(words: Words, group: Group) -> str:
    questions = "".join(
        f"<li>{escape(question)} <span class='na-facts'>{escape(words.count('times_asked', count))}</span></li>"
        for question, count in group.questions
    )
    about = words("group_of", topic=group.subject) if len(group.questions) > 1 else ""
    channels = ", ".join(channel_name(words, channel) for channel in group.channels)
    facts = " · ".join(part for part in (about, channels) if part)
    return f'<span class="na-facts">{escape(facts)}</span><ul>{questions}</ul>'


def channel_name(words: Words, channel: str) -> str:
    """Where a question was asked, in the editor's language."""
    if channel.startswith(SITE):
        return words("channel_site", site=channel.removeprefix(SITE))
    return words.texts.get(f"channel_{channel}", channel)


def _judged(words: Words, judgement: dict[str, Any]) -> str:
    reason = str(judgement.get("reason", ""))
    known = words.texts.get(f"reason_{reason}", "")
    said = " · ".join(text for text in (known, str(judgement.get("comment", ""))) if text)
    quotes = "".join(
        f'<blockquote class="na-quote">{escape(str(quote))}</blockquote>' for quote in judgement.get("quotes", [])
    )
    links = " ".join(
        f'<a class="na-read" target="_blank" href="{escape(reader_path(str(issue)))}">{escape(words("read_in_issue"))}</a>'
        for issue in dict.fromkeys(judgement.get("newsletters", []))
    )
    return f'{escape(str(judgement.get("question", "")))} <span class="na-facts">{escape(said)}</span>{quotes}{links}'


def _uncited(words: Words, found: Insights) -> list[str]:
    links = [
        f'<a class="na-read" target="_blank" href="{escape(reader_path(info.id))}">{escape(snippet(info.title, 100))}</a>'
        for info in found.never_cited[:MOST_SHOWN]
    ]
    more = len(found.never_cited) - len(links)
    return [*links, *([escape(words("never_cited_more", count=more))] if more else [])]
