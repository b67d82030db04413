"""What every tab shares: the assistant, the reader's language, and the bridge from the page's buttons to events."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from assistant import Assistant, Settings
from assistant.limited import LimitedAssistant
from ui.feedback import FeedbackLog
from ui.language import Words, languages, words_for
from ui.page.turns import Desk
from ui.page.turnstile import Turnstile
from ui.questions import QuestionLog
from ui.render import escape
from ui.sessions import server_secret
from ui.sharing import Sharing
from ui.workers import Workers

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_REGIONS = {"zh": ("zh", "zh-CN", "zh-TW", "zh-HK", "zh-SG")}
I18N = gr.I18n(**{tag: dict(words.texts) for name, words in languages().items() for tag in _REGIONS.get(name, (name,))})
_IN_BROWSER = (
    *("copy", "copied", "link_copied", "resend", "cancel", "edit", "why_bad", "reason_wrong", "reason_incomplete"),
    *("reason_outdated", "reason_known", "reason_other", "comment", "send", "thanks", "source", "previous", "next"),
    *("new_tab", "close", "source_frame", "conversations", "ask_button", "stop_button", "notice"),
    "too_long",
)


@dataclass(frozen=True)
class Shell:
    """The parts of a running page that tabs draw on: what readers see of the archive, and the whole for its editor."""

    assistant: Assistant
    whole: Assistant
    settings: Settings
    desk: Desk
    feedback: FeedbackLog
    bridge: gr.HTML
    turnstile: Turnstile
    workers: Workers


def make_shell(assistant: LimitedAssistant, turnstile: Turnstile, workers: Workers) -> Shell:
    """The shell; call it inside the page, for the bridge is one of its components.

    `window.naSend(event, data)` in the browser raises that event of the bridge: `submit` asks, `select` opens, renames
    or deletes a conversation, `apply` takes up what another tab kept, `input` changes filters, `like` judges an answer.
    """
    settings = turnstile.settings
    bridge = gr.HTML(
        "",
        elem_id="na-bridge",
        js_on_load="window.naSend = (event, data) => trigger(event, data);",
        apply_default_css=False,
    )
    desk = Desk(
        assistant,
        Sharing(server_secret(settings.data_dir)),
        QuestionLog(settings.data_dir, keep=settings.server.keep_questions),
    )
    return Shell(assistant, assistant.whole, settings, desk, FeedbackLog(settings.data_dir), bridge, turnstile, workers)


def words_of(request: gr.Request) -> Words:
    """The language of the reader's browser."""
    return words_for(str(request.headers.get("accept-language", "")))


def query_of(request: gr.Request) -> dict[str, list[str]]:
    """The query of the page's address."""
    return parse_qs(str(request.query_params), max_num_fields=500)


def data_of(event: gr.EventData) -> dict[str, Any]:
    """What a button sent over the bridge."""
    data = event._data
    return data if isinstance(data, dict) else {}


def heading(words: Words, assistant: Assistant, settings: Settings) -> str:
    """The page's heading, and the texts that the scripts need."""
    count = len(assistant.newsletters())
    texts = json.dumps({key: words.texts[key] for key in _IN_BROWSER}, ensure_ascii=False)
    logo = '<img class="na-logo" src="/logo" alt="">' if settings.server.logo else ""
    return (
        f'<div class="na-head" data-language="{words.language}" data-most="{settings.answer.max_question_characters}" data-words="{escape(texts)}">{logo}'
        f"<div><h1>{escape(settings.server.title)}</h1>"
        f"<p>{escape(words.count('tagline', count) if count else words('tagline_none'))}</p></div></div>"
    )
