"""The HTTP API over a real server: what it answers, and how it refuses."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from api_support import ADMIN, QUESTION, api_app, running, settings_in

from assistant import Assistant, open_assistant
from ui.api.ask import with_heartbeat
from ui.problems import Problem
from ui.workers import Share, Waiting, Workers


@pytest.fixture(scope="module")
def api(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    app = api_app(shipped, settings_in(tmp_path_factory.mktemp("api")))
    with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        client.data_dir = app.state.service.settings.data_dir
        yield client


def events(text: str) -> list[tuple[str, dict]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_an_answer_cites_the_newsletters_own_text(api: httpx.Client) -> None:
    answer = api.post("/api/v1/ask", json={"question": QUESTION}).json()
    texts = {
        item["id"]: api.get(f"/api/v1/newsletters/{item['id']}").json()["text"]
        for item in api.get("/api/v1/newsletters").json()
    }
    cited = answer["citations"] + answer["closest"]
    assert cited
    assert all(texts[c["newsletter_id"]][c["start"] : c["end"]] == c["quote"] for c in cited)


def test_a_stream_ends_with_the_same_answer_as_a_plain_question(api: httpx.Client) -> None:
    plain = api.post("/api/v1/ask", json={"question": QUESTION}).json()
    found = events(api.post("/api/v1/ask/stream", json={"question": QUESTION}).text)
    assert found[0][0] == "status"
    assert found[-1][0] == "done"
    assert found[-1][1]["text"] == plain["text"]
    assert [data["text"] for name, data in found if name == "sentence"] == [s["text"] for s in plain["sentences"]]


def test_filters_that_leave_no_newsletter_leave_no_answer(api: httpx.Client) -> None:
    answer = api.post("/api/v1/ask", json={"question": QUESTION, "filters": {"since": "2999"}}).json()
    assert (answer["status"], answer["citations"], answer["closest"]) == ("not_found", [], [])


@pytest.mark.parametrize("absent", [{"history": None}, {"filters": None}, {"history": None, "filters": None}])
@pytest.mark.parametrize("route", ["/api/v1/ask", "/api/v1/ask/stream"])
def test_a_history_and_filters_of_null_are_none(api: httpx.Client, route: str, absent: dict[str, None]) -> None:
    answer = api.post(route, json={"question": QUESTION, **absent})
    assert answer.status_code == 200
    assert "answered" in answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"", 422),
        (b"[]", 422),
        (b'{"question": ""}', 422),
        (b'{"question": "  \\u200b "}', 422),
        (b'{"question": 3}', 422),
        (b'{"question": "x", "filters": {"since": "yesterday"}}', 422),
        (b'{"question": "x", "history": [{"role": "root", "content": ""}]}', 422),
        (json.dumps({"question": "x" * 3000}).encode(), 422),
        (b'{"question": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
@pytest.mark.parametrize("route", ["/api/v1/ask", "/api/v1/ask/stream"])
def test_bad_questions_get_problem_documents(api: httpx.Client, route: str, content: bytes, status: int) -> None:
    answer = api.post(route, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "question", ["\ud83d", "\x00" * 5, "؟" * 50, "' OR 1=1 --", "../../etc/passwd", "{{7*7}}", "a" * 2000]
)
def test_strange_questions_are_never_a_fault_of_the_server(api: httpx.Client, question: str) -> None:
    content = json.dumps({"question": question})
    assert api.post("/api/v1/ask", content=content, headers={"Content-Type": "application/json"}).status_code < 500


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd", "%00", "x" * 3000])
def test_an_unknown_newsletter_is_a_404(api: httpx.Client, name: str) -> None:
    assert api.get(f"/api/v1/newsletters/{name}").status_code == 404


def test_newsletters_come_in_pages(api: httpx.Client) -> None:
    assert len(api.get("/api/v1/newsletters", params={"limit": 1}).json()) == 1
    assert api.get("/api/v1/newsletters", params={"offset": 1}).json() == []
    assert api.get("/api/v1/newsletters", params={"limit": 0}).status_code == 422


def test_search_finds_passages_that_stand_where_they_say(api: httpx.Client) -> None:
    found = api.get("/api/v1/search", params={"q": "Belt and Road", "limit": 3}).json()
    text = api.get(f"/api/v1/newsletters/{found[0]['newsletter_id']}").json()["text"]
    assert len(found) == 3
    assert text[found[0]["start"] : found[0]["end"]] == found[0]["text"]


def test_feedback_is_kept_as_a_json_line(api: httpx.Client) -> None:
    body = {"question": QUESTION, "rating": "down", "comment": "line\nbreak", "quotes": ["q"]}
    assert api.post("/api/v1/feedback", json=body).status_code == 204
    last = json.loads((api.data_dir / "feedback.jsonl").read_text().splitlines()[-1])
    assert (last["verdict"], last["comment"], last["question"]) == ("bad", "line\nbreak", QUESTION)


def test_health_readiness_and_counters_are_served(api: httpx.Client) -> None:
    assert api.get("/healthz").status_code == api.get("/readyz").status_code == 200
    assert "newsletter_assistant_newsletters 1.0" in api.get("/metrics").text


def test_the_openapi_document_has_examples(api: httpx.Client) -> None:
    document = api.get("/api/v1/openapi.json").json()
    assert {"/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search", "/v1/chat/completions"} <= set(document["paths"])
    assert document["components"]["schemas"]["AskBody"]["examples"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/admin/sync"),
        ("PUT", "/api/v1/admin/newsletters/a.md"),
        ("DELETE", "/api/v1/admin/newsletters/a"),
    ],
)
def test_admin_routes_want_the_key(api: httpx.Client, method: str, path: str) -> None:
    answer = api.request(method, path, json={"paths": ["/"]}, headers={"Authorization": "Bearer guess"})
    assert answer.status_code == 401


@pytest.fixture
def own(tmp_path) -> Iterator[httpx.Client]:
    settings = settings_in(tmp_path / "own")
    with (
        open_assistant(settings) as assistant,
        running(api_app(assistant, settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def test_an_administrator_uploads_and_deletes_a_newsletter(own: httpx.Client) -> None:
    assert own.get("/readyz").status_code == 503
    text = b"# Garden News 7\n\n## Bees\n\nThe hives moved to the orchard on 3 May.\n"
    report = own.put("/api/v1/admin/newsletters/garden-7.md", content=text, headers=ADMIN)
    assert (report.status_code, len(report.json()["added"])) == (201, 1)
    name = report.json()["added"][0]
    assert "orchard" in own.get(f"/api/v1/newsletters/{name}").json()["text"]
    assert own.delete(f"/api/v1/admin/newsletters/{name}", headers=ADMIN).status_code == 204
    assert own.get(f"/api/v1/newsletters/{name}").status_code == 404


@pytest.mark.parametrize("name", ["..%2fa.md", "%2e%2e", "a.exe", ".hidden.md", "a%00.md"])
def test_an_upload_cannot_choose_where_it_lands(own: httpx.Client, name: str) -> None:
    answer = own.put(f"/api/v1/admin/newsletters/{name}", content=b"# A\n\nText.\n", headers=ADMIN)
    assert answer.status_code in (404, 405, 422)


def test_a_sync_of_nowhere_names_the_path(own: httpx.Client) -> None:
    answer = own.post("/api/v1/admin/sync", json={"paths": ["/nowhere/at/all"]}, headers=ADMIN)
    assert answer.status_code == 422
    assert "/nowhere/at/all" in answer.json()["detail"]


def test_closing_a_stream_stops_the_work_and_frees_its_place() -> None:
    made: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            made.append(len(made))
            time.sleep(0.01)
            yield made[-1]

    async def leave_early() -> tuple[int, int]:
        workers = Workers(1, 0)
        items = workers.iterate(endless)
        await anext(items)
        with pytest.raises(Problem, match="at once"):
            await workers.call(int)
        await items.aclose()
        await workers.call(int)
        after = len(made)
        await asyncio.sleep(0.1)
        workers.close()
        return after, workers.busy

    after, busy = asyncio.run(leave_early())
    assert (len(made), busy) == (after, 0)


def test_who_waits_is_told_how_many_are_before_them() -> None:
    async def wait() -> list[object]:
        workers, going = Workers(1, 3), threading.Event()
        others = [asyncio.ensure_future(workers.call(going.wait)) for _ in range(3)]
        await asyncio.sleep(0.05)
        seen: list[object] = []
        async for item in workers.iterate(lambda: iter(["answer"])):
            seen.append(item)
            going.set()
        await asyncio.gather(*others)
        workers.close()
        return seen

    assert asyncio.run(wait()) == [Waiting(2), "answer"]


def test_one_sites_readers_do_not_take_the_places_of_all() -> None:
    async def crowd() -> int:
        workers, going = Workers(1, 10), threading.Event()
        share = Share("library", 2)
        own = [asyncio.ensure_future(workers.call(going.wait, share)) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Problem, match="this site") as refused:
            await workers.call(int, share)
        other = asyncio.ensure_future(workers.call(int, Share("other", 2)))
        going.set()
        await asyncio.gather(*own, other)
        assert await workers.call(int, share) == 0
        workers.close()
        return refused.value.status

    assert asyncio.run(crowd()) == 503


def test_a_silent_stream_is_kept_alive_by_comments() -> None:
    async def slow() -> AsyncIterator[str]:
        await asyncio.sleep(0.1)
        yield "data: late\n\n"

    async def collect() -> list[str]:
        return [line async for line in with_heartbeat(slow(), 0.03)]

    lines = asyncio.run(collect())
    assert lines[0] == ": waiting\n\n"
    assert lines[-1] == "data: late\n\n"
