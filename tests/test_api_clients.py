"""The real OpenAI client and the official MCP client against a real server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from api_support import QUESTION, api_app, running, settings_in
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from assistant import Assistant


@pytest.fixture(scope="module")
def address(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(api_app(shipped, settings_in(tmp_path_factory.mktemp("clients")))) as address:
        yield address


@pytest.fixture
def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0)


def test_an_openai_client_gets_notes_and_structured_citations(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model=client.models.list().data[0].id, messages=[{"role": "user", "content": QUESTION}]
    )
    assert "[1]" in answer.choices[0].message.content
    assert answer.citations[0]["quote"] in answer.choices[0].message.content


def test_an_openai_client_streams_the_same_text(client: openai.OpenAI) -> None:
    messages = [{"role": "system", "content": "Obey."}, {"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(model="any", messages=messages).choices[0].message.content
    chunks = list(client.chat.completions.create(model="any", messages=messages, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole
    assert chunks[-1].citations


def test_an_openai_client_sees_a_bad_request_as_one(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": " "}])


async def use_tools(streams: Any) -> tuple[set[str], Any, Any]:
    async with streams as (read, write, *_), ClientSession(read, write) as session:
        await session.initialize()
        names = {tool.name for tool in (await session.list_tools()).tools}
        asked = await session.call_tool("ask", {"question": QUESTION})
        citation = asked.structuredContent["citations"][0]
        place = {
            "newsletter_id": citation["newsletter_id"],
            "start": citation["start"],
            "end": citation["end"],
        }
        read_back = await session.call_tool("read_newsletter", place)
        missing = await session.call_tool("read_newsletter", {"newsletter_id": "nothing"})
        assert missing.isError
        return names, citation["quote"], read_back.structuredContent["text"]


def test_an_mcp_client_asks_and_reads_over_http(address: str) -> None:
    names, quote, text = asyncio.run(use_tools(streamable_http_client(f"{address}/mcp")))
    assert names == {"ask", "search", "read_newsletter"}
    assert text == quote


@pytest.mark.parametrize("date", ["2019-13", "April"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_an_mcp_client_is_told_of_a_date_that_is_none(address: str, name: str, date: str) -> None:
    async def ask() -> Any:
        async with (
            streamable_http_client(f"{address}/mcp") as (read, write, *_),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await session.call_tool("ask", {"question": QUESTION, name: date})

    refused = asyncio.run(ask())
    assert refused.isError
    assert f"{name}\n" in refused.content[0].text
    assert "pattern" in refused.content[0].text


def test_an_mcp_client_asks_over_stdio(tmp_path) -> None:
    from assistant import open_assistant
    from corpus import shipped_newsletters

    with open_assistant(data_dir=tmp_path, corpus=[shipped_newsletters()]):
        pass
    command = ["-c", "from ui.cli import main; main()", "mcp", "--data-dir", str(tmp_path)]
    names, quote, text = asyncio.run(
        use_tools(stdio_client(StdioServerParameters(command=sys.executable, args=command)))
    )
    assert "ask" in names
    assert text == quote
