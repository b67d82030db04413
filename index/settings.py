"""What can be set about embedding and storage; the whole settings tree is in `assistant.settings`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr


def _none_if_empty(text: str | None) -> str | None:
    return (text or "").strip() or None


TextOrNone = Annotated[str | None, AfterValidator(_none_if_empty)]


class EmbeddingSettings(BaseModel):
    """The encoder that turns passages and questions into vectors."""

    model: str = Field(
        "packaged",
        description="`packaged` is all-MiniLM-L6-v2 from PyPI; otherwise a sentence-transformers model or folder.",
    )
    backend: Literal["torch"] = Field("torch", description="The library that runs the encoder.")
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="Arithmetic; `auto` takes bfloat16 where the CPU computes it natively."
    )
    batch_size: int = Field(16, ge=1, le=1024, description="Passages an encoder pass.")


class StoreSettings(BaseModel):
    """Where Chroma keeps the index."""

    url: TextOrNone = Field(None, description="Address of a Chroma server; empty means embedded in the data directory.")
    key: SecretStr | None = Field(None, description="Key that the Chroma server (Chroma Cloud, for one) asks for.")
    tenant: str = Field("default_tenant", description="Tenant on that server.")
    database: str = Field("default_database", description="Database of that tenant.")
    collection: str = Field("newsletters", min_length=3, description="Name of the collection of newsletters.")
