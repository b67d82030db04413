"""The evaluation kit: verdicts, question files, bounds, drafts, the report, and other pipelines judged by it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree

import jsonschema
import pytest
from llama_index.core.evaluation import BatchEvalRunner
from llama_index.core.query_engine import CustomQueryEngine
from typer.testing import CliRunner

from assistant import Assistant
from assistant.answer import Status
from assistant.errors import QuestionFileError
from assistant.evaluation import (
    Cited,
    Found,
    Question,
    Reply,
    Said,
    assert_answers,
    assert_refuses,
    evaluate,
    evidence_in,
    gold_in,
    judge_reply,
    load_questions,
    report_on,
)
from assistant.evaluation.drafts import draft_questions
from assistant.evaluation.evaluators import AnswerHitEvaluator, EvidenceEvaluator, RefusalEvaluator
from assistant.evaluation.matching import citation_quality
from assistant.evaluation.metrics import with_interval
from assistant.evaluation.plots import risk_curve
from assistant.evaluation.questions import question_schema
from assistant.evaluation.report_page import report_page
from assistant.evaluation.reporting import failed_lines, junit_document
from corpus import read_newsletters, shipped_newsletters
from ui.cli import app
from ui.feedback import FeedbackLog

WHO = Question(
    id="who", question="Who?", answerable=True, gold=(("Ann", "Anne"), ("Bob",)), newsletter="n2", kind="who"
)
NEVER = Question(id="never", question="Why?", answerable=False, subkind="off-topic")


def reply(text: str = "Ann met Bob.", status: str = "answered", confidence: float | None = 0.9, rank: int = 2) -> Reply:
    passages = tuple(Found(f"passage {n}", "n2" if n == rank else "n1") for n in range(1, 11))
    return Reply(status=status, text=text, passages=passages, milliseconds=5.0, confidence=confidence)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("ANN met Bob", True),
        ("Anne and “Bob”.", True),
        ("Annie met Bob", False),
        ("Ann met Bobby", False),
        ("Ann", False),
    ],
)
def test_every_group_of_the_gold_must_stand_at_word_boundaries(text: str, held: bool) -> None:
    assert gold_in(text, WHO.gold) is held


def test_evidence_is_found_whatever_its_markup_and_across_passages_of_one_newsletter() -> None:
    evidence = "The pump was **replaced** by [Ingrid](https://x.example) on 27 February."
    whole = Found("… the pump was replaced\nby Ingrid on 27 February. Then …", "n1")
    halves = [Found("by Ingrid on 27 February.", "n1", 30), Found("The pump was replaced", "n1", 0)]
    apart = [Found("The pump was replaced", "n1"), Found("by Ingrid on 27 February.", "n2")]
    assert evidence_in(evidence, [whole])
    assert evidence_in(evidence, halves)
    assert not evidence_in(evidence, apart)


def test_a_citation_that_supports_nothing_lowers_precision_and_an_uncited_sentence_recall() -> None:
    cited = (Cited("Ann met Bob.", "n1:0-12"), Cited("It rained.", "n1:13-23"))
    needless = Reply("answered", "", (), 1.0, sentences=(Said("Ann met Bob.", (0, 1)),), citations=cited)
    uncited = Reply("answered", "", (), 1.0, sentences=(Said("Ann met Bob.", (0,)), Said("So.", ())), citations=cited)
    assert citation_quality(needless) == (1.0, 0.5)
    assert citation_quality(uncited) == (0.5, 1.0)


def test_figures_are_those_counted_by_hand() -> None:
    outcomes = [
        judge_reply(WHO, reply(rank=1)),
        judge_reply(WHO, reply("Ann met Carl.", rank=4)),
        judge_reply(WHO, reply("", Status.NOT_FOUND.value, 0.2, rank=0)),
        judge_reply(NEVER, reply("", Status.NOT_FOUND.value, 0.1)),
        judge_reply(NEVER, reply("Because.", confidence=0.6)),
    ]
    report = report_on(outcomes)
    figures = {name: metric.value for name, metric in report.metrics.items()}
    assert figures["answer_hit"] == pytest.approx(1 / 3)
    assert figures["wrongly_refused"] == pytest.approx(1 / 3)
    assert figures["rightly_refused"] == figures["rightly_refused_off-topic"] == 0.5
    assert figures["words"] == 3.0
    assert (figures["newsletter_hit@1"], figures["newsletter_hit@5"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert figures["newsletter_mrr"] == pytest.approx((1 + 1 / 4) / 3)
    assert figures["calibration_error"] == pytest.approx((2 * 0.4 + 0.8 + 0.1 + 0.6) / 5 - 2 * 0.3 / 5, abs=1e-9)
    assert report.figure("answer_hit:who") == report.metrics["answer_hit"]
    assert risk_curve(outcomes) == [(0.2, 0.0), (0.4, 0.5), (0.6, pytest.approx(2 / 3))]


def test_the_interval_narrows_with_more_questions() -> None:
    few, many = with_interval([0.0, 1.0] * 10), with_interval([0.0, 1.0] * 1000)
    assert few.low is not None and few.high is not None and many.low is not None and many.high is not None
    assert few.low < many.low < 0.5 < many.high < few.high
    assert few.high - few.low == pytest.approx(2 * 1.96 * 0.5 / 20**0.5, abs=0.08)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "q.jsonl",
            '{"id": "a", "question": "x", "answerable": false}\n\n{"id": "a", "question": "y", "answerable": false}',
            "line 3",
        ),
        ("q.jsonl", '{"id": "a", "question": "x", "answerable": true, "gold": [[]]}', "line 1: gold.0"),
        ("q.yaml", "- {id: a, question: x, answerable: false}\n- {id: b, answerable: false}\n", "line 2: question"),
        ("q.yaml", "- {id: a\n", "not YAML"),
        ("q.yaml", "- id: a\n  when: 2019-13-45\n", "line 2: not YAML ('2019-13-45' cannot be read, month must be in"),
        ("q.yaml", "- {id: a,\n   made: [{at: 2019-01-01T25:00:00}]}\n", "line 2: not YAML ('2019-01-01T25:00:00'"),
        ("q.yaml", "id: a\n", "list of questions"),
        ("q.jsonl", '{"id": "a", "question": "x", "answerable": true, "draft": true}', "drafts only"),
    ],
)
def test_a_fault_in_a_question_file_is_named_with_file_and_line(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(QuestionFileError) as caught:
        load_questions(tmp_path / name)
    assert name in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_yaml_and_json_lines_hold_the_same_questions(tmp_path: Path) -> None:
    record = {"id": "a", "question": "Line\u2028separator?", "answerable": True, "gold": [["15%"]], "tags": ["x"]}
    (tmp_path / "q.jsonl").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "q.yaml").write_text(json.dumps([record]), encoding="utf-8")
    assert load_questions(tmp_path / "q.jsonl") == load_questions(tmp_path / "q.yaml")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.jsonl", '{"id": "a", "question": "x", "answerable": false, "history": null}'),
        ("q.yaml", "- {id: a, question: x, answerable: false, history: null}"),
        ("q.yaml", "- {id: a, question: x, answerable: false, history: }"),
    ],
)
def test_a_history_of_null_is_no_history(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (question,) = load_questions(tmp_path / name)
    assert (question.history, question.messages) == ((), [])
    jsonschema.validate({"id": "a", "question": "x", "answerable": False, "history": None}, question_schema())


def test_the_published_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    schema = question_schema()
    for line in (Path(__file__).parent / "questions" / "shipped.jsonl").read_text(encoding="utf-8").splitlines():
        jsonschema.validate(json.loads(line), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "a", "answerable": True}, schema)


def test_drafts_become_questions_when_draft_is_taken_away(tmp_path: Path) -> None:
    newsletters = list(read_newsletters(shipped_newsletters()))
    drafts = draft_questions(newsletters, 12)
    file = tmp_path / "drafts.jsonl"
    corrected = [{**record, "draft": False} for record in drafts]
    file.write_text("\n".join(map(json.dumps, corrected)), encoding="utf-8")
    questions = load_questions(file)
    assert len(questions) == len(drafts) >= 8
    text = newsletters[0].text
    assert all(q.evidence and q.evidence in text and gold_in(q.evidence, q.gold) for q in questions if q.answerable)


def test_what_readers_judged_is_a_question_file(shipped: Assistant, tmp_path: Path) -> None:
    log = FeedbackLog(tmp_path)
    log.record(shipped.ask("Who spoke about IP protection?"), verdict="good")
    log.record(shipped.ask("What motto did the forum carry?"), verdict="bad")
    file = tmp_path / "readers.jsonl"
    file.write_text("\n".join(map(json.dumps, log.questions())), encoding="utf-8")
    (kept,) = load_questions(file)
    assert len(load_questions(file, drafts=True)) == 2
    assert_answers(shipped, kept)


def test_an_assertion_shows_question_wanted_and_answer(shipped: Assistant) -> None:
    assert_answers(shipped, "Who spoke about IP protection?", gold=["Gurry"])
    assert_refuses(shipped, "Who won the football world cup?")
    with pytest.raises(AssertionError, match=r"(?s)wrong.*somebody else.*Gurry"):
        assert_answers(shipped, "Who spoke about IP protection?", gold=[["somebody else", "nobody"]])


def test_our_query_engine_is_judged_as_we_are(shipped: Assistant) -> None:
    questions = load_questions(Path(__file__).parent / "questions" / "shipped.jsonl")[:6]
    ours, theirs = evaluate(shipped, questions), evaluate(shipped.as_query_engine(), questions)
    assert [o.right for o in ours.outcomes] == [o.right for o in theirs.outcomes]
    assert ours.metrics["answer_hit"] == theirs.metrics["answer_hit"]


class Parrot(CustomQueryEngine):
    """A query engine that always says the same."""

    said: str

    def custom_query(self, query_str: str) -> str:
        return self.said


def test_another_query_engines_refusal_is_known_by_its_wording() -> None:
    refusing = evaluate(Parrot(said="The context does not mention this."), [WHO, NEVER])
    answering = evaluate(Parrot(said="Ann met Bob."), [WHO, NEVER])
    assert [o.verdict for o in refusing.outcomes] == ["wrongly refused", "rightly refused"]
    assert [o.verdict for o in answering.outcomes] == ["right", "answered without ground"]


def test_a_llama_index_batch_runner_takes_our_evaluators(shipped: Assistant) -> None:
    questions = load_questions(Path(__file__).parent / "questions" / "shipped.jsonl")[:3]
    evaluators = {
        "hit": AnswerHitEvaluator(questions),
        "refusal": RefusalEvaluator(questions),
        "evidence": EvidenceEvaluator(questions),
    }
    runner = BatchEvalRunner(evaluators, workers=1)
    results = runner.evaluate_queries(shipped.as_query_engine(), queries=[q.question for q in questions])
    assert [r.passing for r in results["hit"]] == [shipped_right(shipped, q) for q in questions]
    assert all(r.score is not None for r in results["refusal"])
    assert AnswerHitEvaluator(questions).evaluate(query="not in the file", response="x").invalid_result


def shipped_right(shipped: Assistant, question: Question) -> bool:
    return evaluate(shipped, [question]).outcomes[0].right


def test_the_report_escapes_what_it_shows_and_needs_nothing_else() -> None:
    evil = WHO.model_copy(update={"question": "<script>alert(1)</script>"})
    before = report_on([judge_reply(evil, reply()), judge_reply(NEVER, reply("", "not_found", 0.1))])
    now = report_on([judge_reply(evil, reply("<b>Carl</b>")), judge_reply(NEVER, reply("", "not_found", 0.1))])
    page = report_page(now, before)
    assert "<script>alert" not in page
    assert "<b>Carl" not in page
    assert "1 worse" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert ElementTree.fromstring(junit_document(now)).attrib["failures"] == "1"


@pytest.mark.parametrize(
    ("option", "bound", "says"),
    [
        ("--fail-under", "wrongly_refused=0.1", "--fail-over"),
        ("--fail-over", "answer_hit=0.1", "--fail-under"),
        ("--fail-under", "nonsense=0.1", "none of"),
        ("--fail-under", "answer_hit", "not like"),
    ],
)
def test_a_bound_on_the_wrong_side_is_wrong_use(tmp_path: Path, option: str, bound: str, says: str) -> None:
    result = CliRunner().invoke(app, ["eval", str(tmp_path / "q.jsonl"), option, bound], env={"COLUMNS": "300"})
    assert result.exit_code == 2
    assert says in result.stderr


def test_the_example_project_passes_as_its_users_run_it(tmp_path: Path) -> None:
    project = copytree(Path(__file__).parent / "example_project", tmp_path / "project")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=280, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "8 passed" in run.stdout
    assert (project / ".newsletter-index").is_dir()


def test_the_questions_that_failed_are_named_with_what_was_wrong_and_many_are_counted() -> None:
    failed = judge_reply(WHO, reply("Eve met Mallory."))
    report = report_on([failed, judge_reply(WHO, reply()), *[failed] * 3])
    lines = failed_lines(report, most=2)
    assert lines == [
        "failed: who: Who? (wrong; wanted: Ann or Anne and Bob; answered: Eve met Mallory.)",
        "failed: who: Who? (wrong; wanted: Ann or Anne and Bob; answered: Eve met Mallory.)",
        "and 2 more failed",
    ]


def test_a_question_file_that_is_missing_is_told_without_the_systems_own_words(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"cannot be read \(No such file or directory\): check the path"):
        load_questions(tmp_path / "none.jsonl")
