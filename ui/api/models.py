"""What the routes take in: request bodies and queries, with examples for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.dates import PartialDate
from index.passage import Filters

Name = Annotated[str, Field(max_length=300)]
CONVERSATION_NAME = r"^[A-Za-z0-9_-]{8,64}$"


class FilterBody(BaseModel):
    """Which newsletters may answer; what is left out restricts nothing."""

    model_config = ConfigDict(extra="forbid")

    newsletter_ids: list[Name] = Field(default=[], max_length=1000)
    issues: list[int] = Field(default=[], max_length=1000)
    publishers: list[Name] = Field(default=[], max_length=100)
    languages: list[Name] = Field(default=[], max_length=100)
    since: PartialDate | None = None
    until: PartialDate | None = None
    collection: Name | None = Field(default=None, description="A collection that the site's record names.")

    def filters(self) -> Filters:
        """The filters for retrieval; the collection is for the site to resolve."""
        return Filters(
            newsletter_ids=frozenset(self.newsletter_ids),
            issues=frozenset(self.issues),
            publishers=frozenset(self.publishers),
            languages=frozenset(self.languages),
            since=self.since,
            until=self.until,
        )


class Message(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class AskBody(BaseModel):
    """A question, with the conversation before it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": "When was the first release candidate tagged?"},
                {
                    "question": "And who found it?",
                    "history": [
                        {"role": "user", "content": "Which bug was fixed?"},
                        {"role": "assistant", "content": "A crash on start was fixed."},
                    ],
                    "filters": {"since": "2019-04"},
                },
            ]
        },
    )

    question: str
    history: list[Message] | None = Field(default=None, max_length=100)
    filters: FilterBody | None = None
    conversation: Annotated[str, Field(pattern=CONVERSATION_NAME)] | None = Field(
        default=None,
        description="A name of your choice: the turns are kept under it for this session, and are the history.",
    )

    def messages(self) -> list[dict[str, str]]:
        """The history as the assistant takes it."""
        return [{"role": message.role, "content": message.content} for message in self.history or []]


class FeedbackBody(BaseModel):
    """What a reader thinks of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": "What changed?", "rating": "up", "comment": "Exactly what I sought."}]
        },
    )

    question: str = Field(min_length=1, max_length=4000)
    rating: Literal["up", "down"]
    comment: str = Field(default="", max_length=2000)
    status: Literal["answered", "not_found", "unclear"] = "answered"
    quotes: list[Annotated[str, Field(max_length=4000)]] = Field(default=[], max_length=20)
    newsletters: list[Name] = Field(default=[], max_length=20)


class SessionBody(BaseModel):
    """What a portal may say of its reader when a page of it starts a session."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    identity: str = Field(default="", max_length=4000, description="JWT signed with the site's key.")


class SyncBody(BaseModel):
    """Folders and files on the server to bring the index level with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"paths": ["/srv/newsletters"]}]})

    paths: list[Annotated[str, Field(min_length=1, max_length=4096)]] = Field(min_length=1, max_length=100)
    dry_run: bool = False
    rebuild: bool = False
