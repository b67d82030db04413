"""Question files: what is asked, whether the newsletters answer it, and what the answer must contain.

JSON Lines or YAML; one record a question, checked against `Question`'s schema. Errors name the file and the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import QuestionFileError


class Turn(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str


class Question(BaseModel):
    """One question. Every group of `gold` must have one of its alternatives in the answer's text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    answerable: bool
    gold: tuple[tuple[str, ...], ...] = ()
    newsletter: str | None = None
    archive: str | None = None
    evidence: str | None = None
    kind: str | None = None
    subkind: str | None = None
    tags: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _gold_belongs_to_answerable(self) -> Question:
        if self.answerable and not self.gold:
            raise ValueError("an answerable question needs gold")
        if not self.answerable and self.gold:
            raise ValueError("an unanswerable question has no gold")
        return self

    @property
    def messages(self) -> list[dict[str, str]]:
        """The history as `Assistant.ask` takes it."""
        return [turn.model_dump() for turn in self.history]


def load_questions(path: str | Path) -> list[Question]:
    """The questions of a file, in its order. Raises QuestionFileError, naming file and line, for what is wrong."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"The question file {path} cannot be read ({error}): check the path.") from error
    records = _yaml_records(path, text) if path.suffix in (".yaml", ".yml") else _json_lines(path, text)
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for place, record in records:
        question = _checked(path, place, record)
        if question.id in seen:
            raise QuestionFileError(f"{path}, line {place}: the id {question.id!r} stands at {seen[question.id]} too.")
        seen[question.id] = place
        questions.append(question)
    if not questions:
        raise QuestionFileError(f"{path} holds no questions: write one JSON object a line.")
    return questions


def _json_lines(path: Path, text: str) -> Iterable[tuple[int, Any]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise QuestionFileError(f"{path}, line {number}: not JSON ({error.msg}).") from error


def _yaml_records(path: Path, text: str) -> Iterable[tuple[int, Any]]:
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        records = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise QuestionFileError(f"{path} is not YAML ({error}).") from error
    if not isinstance(records, list) or node is None:
        raise QuestionFileError(f"{path}: a list of questions is expected.")
    return [(item.start_mark.line + 1, record) for item, record in zip(node.value, records, strict=True)]


def _checked(path: Path, place: int, record: Any) -> Question:
    try:
        return Question.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "record"
        raise QuestionFileError(f"{path}, line {place}: {field}: {first['msg']}.") from error
