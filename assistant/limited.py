"""An assistant over the same index that does not know some of its newsletters.

What `hidden` names (asked at every call, so that it may change) is not listed, opened, searched, cited or suggested.
It shares everything with the whole assistant, which stays the one to close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.answer import Citation
from assistant.engine import Assistant, History
from assistant.events import Event
from corpus import Newsletter
from index import NewsletterNotFound
from index.passage import Filters, NewsletterInfo, RetrievedPassage
from index.retriever import matching_newsletters

NOTHING = frozenset({""})


class LimitedAssistant(Assistant):
    """`whole` without the newsletters whose ids `hidden()` gives."""

    def __init__(self, whole: Assistant, hidden: Callable[[], frozenset[str]]) -> None:
        vars(self).update(vars(whole))
        self.whole = whole
        self._hidden = hidden
        self._suggested = None
        self._suggested_without: frozenset[str] = frozenset()

    def newsletters(self) -> list[NewsletterInfo]:
        """Every newsletter that is not hidden."""
        hidden = self._hidden()
        return [info for info in super().newsletters() if info.id not in hidden]

    def newsletter(self, newsletter_id: str) -> Newsletter:
        """One newsletter with its text; raises NewsletterNotFound for a hidden one, too."""
        if newsletter_id in self._hidden():
            raise NewsletterNotFound(f"There is no newsletter {newsletter_id[:100]!r}.")
        return super().newsletter(newsletter_id)

    def stream(self, question: str, history: History = (), *, filters: Filters | None = None) -> Iterator[Event]:
        """As the whole assistant's, from what is not hidden."""
        return super().stream(question, history=history, filters=self._within(filters))

    def search(
        self, query: str, *, limit: int = 10, history: History = (), filters: Filters | None = None
    ) -> list[RetrievedPassage]:
        """As the whole assistant's, in what is not hidden."""
        return super().search(query, limit=limit, history=history, filters=self._within(filters))

    def answers(self, question: str, *, filters: Filters | None = None) -> bool:
        """As the whole assistant's, from what is not hidden."""
        return super().answers(question, filters=self._within(filters))

    def mentions(self, topic: str, *, filters: Filters | None = None) -> list[Citation]:
        """As the whole assistant's, in what is not hidden."""
        return super().mentions(topic, filters=self._within(filters))

    def suggested_questions(self, limit: int = 4) -> list[str]:
        """As the whole assistant's, about what is not hidden."""
        hidden = self._hidden()
        if not hidden:
            return self.whole.suggested_questions(limit)
        if hidden != self._suggested_without:
            self._suggested, self._suggested_without = None, hidden
        return super().suggested_questions(limit)

    def close(self) -> None:
        """Nothing: the whole assistant is the one to close."""

    def _within(self, filters: Filters | None) -> Filters | None:
        """The filters that leave what they left before, without what is hidden."""
        if not self._hidden():
            return filters
        wanted = filters or Filters()
        kept = frozenset(info.id for info in matching_newsletters(self.newsletters(), wanted))
        return replace(wanted, newsletter_ids=kept or NOTHING)
