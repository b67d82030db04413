"""Question files: what is asked, whether the newsletters answer it, and what the answer must contain.

JSON Lines or YAML; one record a question, checked against `Question`'s schema. Errors name the file and the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import QuestionFileError


class Turn(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str


History = tuple[Turn, ...]


class Question(BaseModel):
    """One question of a question file. Fields that are not named here are let through and not used."""

    model_config = ConfigDict(frozen=True, extra="ignore", title="Question")

    id: str = Field(min_length=1, description="A name of its own within the file.")
    question: str = Field(min_length=1, description="What is asked, in a reader's words.")
    history: Annotated[
        History, BeforeValidator(lambda told: () if told is None else told, json_schema_input_type=History | None)
    ] = Field((), description="Earlier messages, oldest first, for a follow-up.")
    answerable: bool = Field(description="Whether the newsletters answer it; if not, refusing is right.")
    gold: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = Field(
        (), description="Groups of alternatives: an answer is right when it holds one alternative of every group."
    )
    newsletter: str | None = Field(None, description="Id of the newsletter that answers.")
    archive: str | None = Field(None, description="The archive the question is about, where a file spans several.")
    evidence: str | None = Field(None, description="The sentence that answers, as it stands in the newsletter.")
    kind: str | None = Field(None, description="Kind of question, such as fact, who, when, list or followup.")
    subkind: str | None = Field(
        None, description="Why an unanswerable one is so, such as near-miss, false-premise or off-topic."
    )
    tags: tuple[str, ...] = Field((), description="Words of your own; the report filters by them.")
    draft: bool = Field(False, description="Not asked yet: a person has to correct it first.")

    @model_validator(mode="after")
    def _gold_belongs_to_answerable(self) -> Question:
        if self.draft:
            return self
        if self.answerable and not self.gold:
            raise ValueError("an answerable question needs gold")
        if not self.answerable and self.gold:
            raise ValueError("an unanswerable question has no gold")
        return self

    @property
    def messages(self) -> list[dict[str, str]]:
        """The history as `Assistant.ask` takes it."""
        return [turn.model_dump() for turn in self.history]


def question_schema() -> dict[str, Any]:
    """The JSON Schema of one record of a question file."""
    schema = Question.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def load_questions(path: str | Path, *, drafts: bool = False) -> list[Question]:
    """The questions of a file, in its order; with `drafts` those marked so, too.

    Raises QuestionFileError, naming file and line, for what is wrong.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or "no file") if isinstance(error, OSError) else "it is not UTF-8 text"
        raise QuestionFileError(f"The question file {path} cannot be read ({why}): check the path.") from error
    records = _yaml_records(path, text) if path.suffix in (".yaml", ".yml") else _json_lines(path, text)
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for place, record in records:
        question = _checked(path, place, record)
        if question.id in seen:
            raise QuestionFileError(
                f"{path}, line {place}: the id {question.id!r} stands in line {seen[question.id]}, too."
            )
        seen[question.id] = place
        questions.append(question)
    if not questions:
        raise QuestionFileError(f"{path} holds no questions: write one JSON object a line.")
    kept = questions if drafts else [question for question in questions if not question.draft]
    if not kept:
        raise QuestionFileError(f"{path} holds drafts only: correct them and take `draft` away.")
    return kept


def _json_lines(path: Path, text: str) -> Iterable[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise QuestionFileError(f"{path}, line {number}: not JSON ({error.msg}).") from error


class _Loader(yaml.SafeLoader):
    """Tells where a value stands that looks like a date or number and is none; YAML's own loader does not."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            told = f"{str(node.value)[:40]!r} cannot be read, {error}: put it in quotation marks"
            raise yaml.constructor.ConstructorError(problem=told, problem_mark=node.start_mark) from error


def _yaml_records(path: Path, text: str) -> Iterable[tuple[int, Any]]:
    try:
        node = yaml.compose(text, Loader=_Loader)
        records = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise QuestionFileError(f"{path}{place}: not YAML ({problem}).") from error
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
