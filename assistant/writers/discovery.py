"""Which model server to ask: the one that is configured, or, only when told `auto`, a local one that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelServerError
from assistant.settings import LLMSettings
from assistant.writers.model_server import ModelServer, api_key

AUTO = "auto"
LOCAL_SERVERS = ("http://127.0.0.1:11434/v1", "http://127.0.0.1:8080/v1")
PROBE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers: its address and the names of its models."""

    base_url: str
    models: tuple[str, ...]


def connect(settings: LLMSettings) -> ModelServer | None:
    """The configured model server, or None when answers are to be quotations. Asks nobody unless the model is `auto`."""
    if settings.model is None or (settings.base_url is None and settings.model != AUTO):
        return None
    if settings.model != AUTO:
        return ModelServer(settings, str(settings.base_url), settings.model)
    found = discover(settings)
    return ModelServer(settings, found.base_url, found.models[0]) if found else None


def discover(settings: LLMSettings) -> Offer | None:
    """The first server of the configured or usual local addresses that offers a model, or None."""
    for address in [settings.base_url] if settings.base_url else LOCAL_SERVERS:
        try:
            offer = offered(settings, address)
        except ModelServerError:
            continue
        if offer.models:
            return offer
    return None


def offered(settings: LLMSettings, base_url: str) -> Offer:
    """The models of the server at `base_url`. Raises ModelServerError when it cannot be asked."""
    import httpx

    key = api_key(settings, base_url)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = min(settings.timeout, 10.0) if settings.base_url else PROBE_SECONDS
    try:
        reply = httpx.get(f"{base_url.rstrip('/')}/models", headers=headers, timeout=timeout)
        reply.raise_for_status()
        document: Any = reply.json()
        names = tuple(str(entry["id"]) for entry in document["data"])
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ModelServerError(
            f"The model server at {base_url} does not list its models ({type(error).__name__}): is it running?"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelServerError(
            f"What answers at {base_url} is no OpenAI-compatible model server: check the address."
        ) from error
    return Offer(base_url, names)
