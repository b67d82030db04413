"""Every setting in one tree, from the environment, `.env` or `newsletter-assistant.toml`.

Environment names have the prefix `NEWSLETTER_ASSISTANT_` and `__` between levels
(`NEWSLETTER_ASSISTANT_SERVER__PORT=8080`). The environment wins over the file; an empty variable counts as unset.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.settings import EmbeddingSettings, StoreSettings, TextOrNone

SHORTEST_KEY = 8


class AnswerSettings(BaseModel):
    """How answers are chosen."""

    max_words: int = Field(80, ge=10, le=400, description="Words an answer stays within.")
    max_sentences: int = Field(3, ge=1, le=10, description="Quoted sentences in an ordinary answer.")
    passages: int = Field(10, ge=1, le=50, description="Passages read for one question.")
    refusal_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Probability below which the assistant says that the newsletters don't say; "
        "empty takes the one fitted with the model.",
    )
    max_question_characters: int = Field(2000, ge=100, description="Longest question that is accepted.")


class LLMSettings(BaseModel):
    """An OpenAI-compatible model server; without `base_url` and `model` answers are quotations only."""

    base_url: TextOrNone = Field(None, description="Address of the server, such as http://127.0.0.1:11434/v1.")
    model: TextOrNone = Field(
        None, description="Name of the model on that server; `auto` takes the first one a local server offers."
    )
    style: Literal["chat", "completion"] = Field(
        "chat", description="How the model is asked: `completion` for a base model that was not trained to chat."
    )
    api_key: SecretStr | None = Field(None, description="Key of the server, if it wants one.")
    context_window: int = Field(4096, ge=512, description="Tokens the model reads at once.")
    max_tokens: int = Field(300, ge=16, description="Tokens the model may write for one answer.")
    timeout: float = Field(60.0, gt=0, description="Seconds to wait for the server.")
    retries: int = Field(2, ge=0, le=10, description="Further tries after a failure, with backoff.")
    concurrency: int = Field(2, ge=1, description="Requests to the server at once.")
    condense: bool = Field(True, description="Let the model complete follow-up questions; a rule does it otherwise.")
    show_dropped: bool = Field(
        False, description="For developers: give the text of sentences that were dropped, not only the reasons."
    )


class ServerSettings(BaseModel):
    """The web server."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(7860, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: TextOrNone = Field(None, description="Address readers use, when a proxy stands before the server.")
    admin_key: SecretStr | None = Field(
        None, description="Key for sync, upload, delete and metrics over HTTP, of at least 8 characters."
    )
    allowed_hosts: list[str] = Field(
        default_factory=list, description="Further host names answered to; loopback and public_url always are."
    )
    trusted_proxies: list[str] = Field(
        default_factory=list, description="Addresses of proxies whose X-Forwarded-For is believed."
    )
    sign_in: Literal["off", "password", "proxy"] = Field(
        "off",
        description="Whether readers sign in to the chat and issue pages: by `password` (`users add`), or by a `proxy` "
        "that names them in a header.",
    )
    users_file: Path | None = Field(
        None, description="File of users and hashed passwords; users.txt in data_dir if empty."
    )
    user_header: str = Field(
        "X-Forwarded-User", description="Header in which a trusted proxy names the reader who signed in there."
    )
    title: str = Field("Newsletter assistant", description="Title of the chat page.")
    logo: Path | None = Field(None, description="Picture (SVG, PNG, WebP or JPEG) beside the chat page's title.")
    keep_questions: bool = Field(
        True, description="Keep what readers ask, without who asked, in the data directory for the editor's insights."
    )
    public_api: bool = Field(
        False, description="Answer API calls that come from other machines without a site or the admin key."
    )
    public_docs: bool = Field(
        False, description="Show /metrics, the OpenAPI document and the widget's preview page to other machines."
    )
    rate_limit: str = Field(
        "60/minute", description="Questions one remote address may ask, as COUNT/PERIOD; several are parted by `;`."
    )
    limits_storage: str = Field(
        "memory://", description="Where limits are counted; redis://HOST:PORT shares them between replicas."
    )
    concurrency: int = Field(2, ge=1, le=256, description="Questions worked on at once; further ones wait.")
    queue: int = Field(100, ge=0, description="Questions that may wait; further ones are told to come back.")
    request_timeout: float = Field(15.0, gt=0, description="Seconds a client may take to send its request.")
    max_request_bytes: int = Field(256 * 1024, ge=1024, description="Largest request, uploads aside.")
    max_upload_bytes: int = Field(25 * 1024 * 1024, ge=1024, description="Largest newsletter file to upload.")

    @field_validator("admin_key")
    @classmethod
    def _not_soon_guessed(cls, key: SecretStr | None) -> SecretStr | None:
        """The key; ValueError for a short one. An empty one is none."""
        if key is not None and 0 < len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"it is shorter than {SHORTEST_KEY} characters, which could be guessed")
        return key


class Settings(BaseSettings):
    """The settings tree. Unknown names in the file are passed over; unset ones take the defaults shown."""

    model_config = SettingsConfigDict(
        env_prefix="NEWSLETTER_ASSISTANT_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        env_file=".env",
        toml_file="newsletter-assistant.toml",
        extra="ignore",
    )

    data_dir: Path = Field(Path(".newsletter-assistant"), description="Folder that holds the index.")
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    answer: AnswerSettings = Field(default_factory=AnswerSettings)
    llm: LLMSettings = Field(default_factory=LLMSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Add the TOML file after the environment."""
        return (init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls))
