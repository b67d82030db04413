"""Text from an OpenAI-compatible model server, through LlamaIndex: retries, limits, a circuit breaker, and a real stop.

One reply has its own HTTP client, read by its own thread; closing the reply closes the connection, so the server stops
writing at once even while it is silent. Everything that goes wrong becomes a ModelServerError of one sentence.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.errors import ModelServerError
from assistant.settings import LLMSettings

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.llms.openai_like import OpenAILike

Message: TypeAlias = tuple[str, str]
PULSE_SECONDS = 0.25
FAILURES_TO_OPEN = 3
OPEN_SECONDS = 30.0
MOST_CHARACTERS = 20_000
EXTRA = "The language model needs LlamaIndex's client: install it with `pip install 'newsletter-assistant[llm]'`."
_END = object()


class ModelServer:
    """A model on a server. Threads may share it."""

    def __init__(self, settings: LLMSettings, base_url: str, model: str) -> None:
        self.settings = settings
        self.base_url = base_url
        self.model = model
        self._places = threading.BoundedSemaphore(settings.concurrency)
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0

    @property
    def is_resting(self) -> bool:
        """Whether the circuit breaker is open: the server failed repeatedly and is left alone for a while."""
        with self._lock:
            return time.monotonic() < self._closed_until

    def stream(self, messages: Sequence[Message], *, max_tokens: int | None = None) -> Iterator[str | None]:
        """The reply piece by piece; None whenever nothing came for a quarter of a second, so that the caller may stop.

        Raises ModelServerError when the server cannot be reached, refuses, breaks off, or takes longer than the timeout.
        """
        if self.is_resting:
            raise ModelServerError(
                f"The model server at {self.base_url} failed repeatedly and is left alone for a while."
            )
        if not self._places.acquire(timeout=min(5.0, self.settings.timeout)):
            raise ModelServerError("The model server is busy with other questions; try again shortly.")
        try:
            yield from self._with_retries(messages, max_tokens or self.settings.max_tokens)
        finally:
            self._places.release()

    def complete(self, messages: Sequence[Message], *, max_tokens: int) -> str:
        """The whole reply. Raises as `stream` does."""
        return "".join(piece for piece in self.stream(messages, max_tokens=max_tokens) if piece)

    def _with_retries(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str | None]:
        patience = _Patience(self.settings.timeout)
        for attempt in range(self.settings.retries + 1):
            begun = False
            try:
                for piece in self._attempt(messages, max_tokens, patience):
                    begun = begun or piece is not None
                    yield piece
                self._succeeded()
                return
            except ModelServerError as error:
                self._failed()
                wait = 0.25 * 2**attempt
                last = attempt == self.settings.retries or wait > patience.left or self.is_resting
                if begun or last or not getattr(error, "temporary", False):
                    raise
                yield from self._pause(wait)

    def _pause(self, seconds: float) -> Iterator[None]:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(PULSE_SECONDS, left))
            yield None

    def _attempt(self, messages: Sequence[Message], max_tokens: int, patience: _Patience) -> Iterator[str | None]:
        reply = _Reply(self, messages, max_tokens)
        characters = 0
        try:
            while True:
                if patience.left <= 0:
                    raise _error(f"The model server at {self.base_url} took longer than {self.settings.timeout:g} s.")
                started = time.monotonic()
                piece = reply.next(PULSE_SECONDS)
                patience.left -= time.monotonic() - started
                if piece is _END:
                    return
                characters += len(piece) if isinstance(piece, str) else 0
                if characters > MOST_CHARACTERS:
                    return
                yield piece if isinstance(piece, str) else None
        finally:
            reply.close()

    def _succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._failures = 0
                self._closed_until = time.monotonic() + OPEN_SECONDS


@dataclass(slots=True)
class _Patience:
    """The seconds that the server may still be waited for; what is done with its words meanwhile does not count."""

    left: float


class _Reply:
    """One request, read in a thread of its own."""

    def __init__(self, server: ModelServer, messages: Sequence[Message], max_tokens: int) -> None:
        import httpx

        timeout = httpx.Timeout(server.settings.timeout, connect=min(5.0, server.settings.timeout))
        self._client = httpx.Client(timeout=timeout)
        self._pieces: queue.Queue[object] = queue.Queue(maxsize=256)
        self._stopped = threading.Event()
        self._server = server
        self._arguments = (messages, max_tokens)
        threading.Thread(target=self._read, name="model-reply", daemon=True).start()

    def next(self, seconds: float) -> object:
        """The next piece of text, None when nothing came in `seconds`, or the end mark; raises what went wrong."""
        try:
            piece = self._pieces.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(piece, Exception):
            raise piece
        return piece

    def close(self) -> None:
        """Close the connection; the server notices and stops."""
        self._stopped.set()
        self._client.close()

    def _read(self) -> None:
        try:
            for piece in _pieces(self._server, self._client, *self._arguments):
                if self._stopped.is_set():
                    return
                self._put(piece)
            self._put(_END)
        except Exception as error:  # noqa: BLE001 -- the thread's edge: whatever happened is told to the reader
            self._put(_explained(error, self._server))
        finally:
            self._client.close()

    def _put(self, piece: object) -> None:
        while not self._stopped.is_set():
            try:
                self._pieces.put(piece, timeout=PULSE_SECONDS)
                return
            except queue.Full:
                continue


def load_client() -> type[OpenAILike]:
    """LlamaIndex's client class; its first import takes a moment. Raises ModelServerError when it is not installed."""
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise ModelServerError(EXTRA) from error
    return OpenAILike


def _pieces(server: ModelServer, client: Any, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
    settings = server.settings
    llm = load_client()(
        model=server.model,
        api_base=server.base_url,
        api_key=api_key(settings, server.base_url) or "none",
        is_chat_model=settings.style == "chat",
        is_function_calling_model=False,
        context_window=settings.context_window,
        max_tokens=max_tokens,
        temperature=0.0,
        timeout=settings.timeout,
        max_retries=0,
        http_client=client,
    )
    if settings.style == "chat":
        for response in llm.stream_chat(_chat_messages(messages)):
            yield response.delta or ""
    else:
        prompt = "\n\n".join(text for _, text in messages)
        for completion in llm.stream_complete(prompt, formatted=True, stop=["\nQuestion:", "\n\n\n"]):
            yield completion.delta or ""


def _chat_messages(messages: Sequence[Message]) -> list[ChatMessage]:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    return [ChatMessage(role=MessageRole(role), content=text) for role, text in messages]


def api_key(settings: LLMSettings, base_url: str) -> str | None:
    """The server's key: from the settings, else from the system's keyring where one is installed (service `newsletter-assistant`)."""
    if settings.api_key is not None:
        return settings.api_key.get_secret_value()
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        key: str | None = keyring.get_password("newsletter-assistant", base_url)
    except KeyringError:
        return None
    return key


def _error(text: str, *, temporary: bool = False) -> ModelServerError:
    error = ModelServerError(text)
    error.temporary = temporary
    return error


def _explained(error: Exception, server: ModelServer) -> ModelServerError:
    """Any failure of the client as one sentence; `temporary` where another try may help."""
    if isinstance(error, ModelServerError):
        return error
    name, status = type(error).__name__, getattr(error, "status_code", None)
    where = f"The model server at {server.base_url}"
    if status in (401, 403):
        return _error(f"{where} refused the key ({status}): set NEWSLETTER_ASSISTANT_LLM__API_KEY.")
    if status == 404:
        return _error(f"{where} has no model {server.model!r}: `newsletter-assistant models` lists what it offers.")
    if status is not None:
        return _error(f"{where} answered with status {status}.", temporary=status in (408, 409, 429) or status >= 500)
    if "Timeout" in name:
        return _error(f"{where} did not answer in {server.settings.timeout:g} s.")
    if "Connect" in name:
        return _error(
            f"{where} cannot be reached: start it, or correct NEWSLETTER_ASSISTANT_LLM__BASE_URL.", temporary=True
        )
    return _error(f"{where} sent a reply that could not be read ({name}).", temporary=True)
