"""A conversation in the terminal: questions in, answers with footnotes out, and a few commands."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from assistant.errors import AssistantError
from index.retriever import matching_newsletters
from ui.cli.context import err, out
from ui.cli.text import answer_rich, footnote
from ui.errors import message
from ui.page.scope import Scope, scope_of
from ui.render import original_url

if TYPE_CHECKING:
    from assistant import Answer, Assistant, Citation

HELP = (
    "/sources shows the last sources, /open 2 one of them in its place, /history the questions so far, "
    "/filter since=2019 publisher=NAME asks only some issues (/filter alone: all), /new starts afresh, /quit leaves. "
    "The arrow keys bring back what was typed, also in an earlier chat."
)
TYPED = "chat-history"
MOST_TYPED = 500
CONTEXT = 300
FILTERS = ("since", "until", "issue", "publisher", "language", "newsletter")


class Conversation:
    """Reads questions from stdin until it ends or `/quit`; `answers` holds all that was answered, also before a `/new`."""

    def __init__(self, assistant: Assistant, *, silent: bool = False) -> None:
        """`silent` leaves stdout to the answers, which are printed together afterwards; what commands say goes to stderr."""
        self._assistant = assistant
        self._silent = silent
        self._history: list[dict[str, str]] = []
        self._scope = Scope()
        self._current: list[Answer] = []
        self.answers: list[Answer] = []

    def run(self) -> None:
        """Hold the conversation."""
        if not sys.stdin.isatty():
            self._converse()
            return
        held = len(self._assistant.newsletters())
        err().print(f"Ask about {held:,} newsletter{'' if held == 1 else 's'}. {HELP}", style="dim", markup=False)
        with _remembered(self._assistant.settings.data_dir / TYPED):
            self._converse()

    def _converse(self) -> None:
        while (line := self._read()) is not None:
            if line in ("/quit", "/exit"):
                return
            if line.startswith("/"):
                self._obey(line)
            elif line:
                self._ask(line)

    def _read(self) -> str | None:
        try:
            return input("› " if sys.stdin.isatty() and not self._silent else "").strip()
        except EOFError:
            return None

    def _ask(self, question: str) -> None:
        try:
            answer = self._assistant.ask(question, history=self._history, filters=self._scope.filters())
        except AssistantError as error:
            err().print(f"error: {message(error)}", markup=False)
            return
        self.answers.append(answer)
        self._current.append(answer)
        self._history += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer.text},
        ]
        if not self._silent:
            out().print(answer_rich(answer))
            out().print()

    def _obey(self, line: str) -> None:
        name, _, argument = line.partition(" ")
        sources = self._sources()
        if name == "/sources":
            listing = "\n".join(footnote(citation) for citation in sources)
            self._console().print(listing or "No sources yet: ask something.", markup=False)
        elif name == "/open":
            chosen = [citation for citation in sources if str(citation.number) == argument.strip()]
            if chosen:
                self._open(chosen[0])
            else:
                self._console().print(f"There is no source {argument!r}: /sources lists them.", markup=False)
        elif name == "/history":
            asked = "\n".join(f"{place:>3}. {answer.question}" for place, answer in enumerate(self._current, start=1))
            self._console().print(asked or "Nothing asked yet.", markup=False)
        elif name == "/filter":
            self._filter(argument)
        elif name == "/new":
            self._history, self._current = [], []
            self._console().print("A new conversation.")
        else:
            self._console().print(HELP, markup=False)

    def _filter(self, text: str) -> None:
        """Ask only issues that pass: `since=2019 until=2020-04 issue=12,15-18 publisher="Garden Club"`."""
        try:
            parts = [part.partition("=") for part in shlex.split(text)]
        except ValueError:
            parts = [("", "", "")]
        unknown = [name for name, _, _ in parts if name not in FILTERS]
        scope = scope_of({name: [v for n, _, v in parts if n == name] for name, _, _ in parts})
        if unknown or (parts and scope == Scope()):
            self._console().print(f"Write the filters as {', '.join(f'{name}=…' for name in FILTERS)}.", markup=False)
            return
        self._scope = scope
        passing = len(matching_newsletters(self._assistant.newsletters(), scope.filters()))
        said = f"{passing:,} issue is" if passing == 1 else f"{passing:,} issues are"
        self._console().print(f"{said} asked{f' ({unquote_plus(scope.query())})' if parts else ''}.", markup=False)

    def _console(self) -> Console:
        """Where the commands' words go."""
        return err() if self._silent else out()

    def _sources(self) -> tuple[Citation, ...]:
        return (self._current[-1].citations or self._current[-1].closest) if self._current else ()

    def _open(self, citation: Citation) -> None:
        text = self._assistant.newsletter(citation.newsletter_id).text
        before = text[max(0, citation.start - CONTEXT) : citation.start]
        after = text[citation.end : citation.end + CONTEXT]
        shown = Text.assemble(before, (citation.quote, "bold reverse"), after)
        self._console().print(
            Panel(shown, title=Text(citation.title), subtitle=Text(citation.section)), soft_wrap=False
        )
        if address := original_url(citation.url, citation.quote):
            self._console().print(address, markup=False)


@contextmanager
def _remembered(path: Path) -> Iterator[None]:
    """Line editing, with the lines typed in earlier chats brought back from `path` and kept there, for the owner only."""
    import readline

    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(MOST_TYPED)
    try:
        yield
    finally:
        with suppress(OSError):  # a disk that is full or read-only costs the history, not the conversation
            path.touch(mode=0o600)
            path.chmod(0o600)
            readline.write_history_file(path)
