"""The gate: what the cited text says passes, what it does not say is stopped, with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checking import pair_reader
from assistant.checking.grammar import _tree
from assistant.checking.pair_reader import load_pair_reader
from assistant.verification import check_sentence
from index.errors import ModelUnavailable

EVIDENCE = (
    "On April 25, 2019, Francis Gurry told 1,200 guests in Beijing that the fund would spend $5 billion on patents."
)
DEVELOPMENT = Path(__file__).parents[1] / "benchmarks" / "verification" / "development.jsonl"


@pytest.mark.parametrize(
    "sentence",
    [
        EVIDENCE,
        "On 25 April 2019, Francis Gurry told 1200 guests in Beijing that the fund would spend five billion US dollars on patents.",
        "Francis Gurry told 1,200 guests in Beijing that the fund would spend $5 billion on patents.",
        "Francis Gurry told 1,200 guests in Beijing that the fund would spend $5 billion on patents. [1]",
    ],
    ids=["the words themselves", "the same figures in other forms", "a part left out", "a citation mark"],
)
def test_what_the_evidence_says_is_supported(sentence: str) -> None:
    verdict = check_sentence(sentence, [EVIDENCE])
    assert verdict.supported
    assert verdict.reason == ""
    assert verdict.score > 0.5


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (
            "On April 26, 2019, Francis Gurry told 1,200 guests that the fund would spend $5 billion on patents.",
            "number",
        ),
        ("Francis Gurry told 1,200 guests in Beijing that the fund would spend $5 million on patents.", "number"),
        ("Francis Gurry told 1,200 guests in Beijing that the fund would spend 5 billion euros on patents.", "number"),
        ("Daren Tang told 1,200 guests in Beijing that the fund would spend $5 billion on patents.", "name"),
        ("Francis Gurry told 1,200 guests in Shanghai that the fund would spend $5 billion on patents.", "name"),
        ('Francis Gurry told guests in Beijing that patents are "the engine of growth".', "quote"),
    ],
)
def test_a_figure_name_or_quotation_that_the_evidence_lacks_is_named_as_the_reason(sentence: str, reason: str) -> None:
    verdict = check_sentence(sentence, [EVIDENCE])
    assert not verdict.supported
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The fund would not spend $5 billion on patents.", EVIDENCE),
        ("Bob maintains the parser and Alice the printer.", "Alice maintains the parser and Bob the printer."),
        ("Go 1.11.1 was replaced by Go 1.10.4.", "Go 1.10.4 was replaced by Go 1.11.1."),
        ("The dam was destroyed by an earthquake that killed thousands of people.", EVIDENCE),
    ],
    ids=["negated", "swapped owners", "turned round", "another topic"],
)
def test_a_claim_turned_round_or_made_up_is_not_supported(sentence: str, evidence: str) -> None:
    assert not check_sentence(sentence, [evidence]).supported


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Phones make up three quarters of the market.", "Phones make up 75% of the market."),
        ("The team meets fortnightly on Wednesdays.", "The team meets bi-weekly on Wednesdays."),
        ("The cache holds a maximum of 1,008 blocks.", "The cache holds 1008 blocks."),
        ("A hundred and sixty people signed up.", "160 people signed up."),
        ("The award is worth half a million euros.", "The award is worth 500,000 euros."),
        ("The team skipped 1.17 this year.", "The team skipped v1.17 this year."),
    ],
    ids=["a share in words", "a rhythm in one word", "a limit with its name", "a sum", "half of it", "a version"],
)
def test_a_figure_said_in_another_way_is_the_same_figure(sentence: str, evidence: str) -> None:
    assert check_sentence(sentence, [evidence]).reason != "number"
    assert check_sentence(evidence, [sentence]).reason != "number"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The port is an engine of growth for the region.", "certainty"),
        ("Shipowners believe that the port is an engine of growth for the region.", ""),
    ],
)
def test_what_somebody_believes_is_no_fact(sentence: str, reason: str) -> None:
    evidence = "Shipowners believe that the port is an engine of growth for the region and highly value its pilots."
    assert check_sentence(sentence, [evidence]).reason == reason
    assert check_sentence(sentence, [evidence, "The port is an engine of growth for the region."]).supported


def test_both_days_of_a_range_are_known_and_no_others() -> None:
    evidence = "The fair takes place in Porto, 22–23 May."
    assert check_sentence("The fair takes place in Porto on May 22 and 23.", [evidence]).reason != "number"
    assert check_sentence("The fair takes place in Porto on May 22 and 24.", [evidence]).reason == "number"


def test_a_number_in_letters_may_count_what_the_evidence_lists() -> None:
    evidence = "The update adds a field to listunspent, createwallet and sendtoaddress."
    assert check_sentence("The update adds a field to three calls.", [evidence]).reason != "number"
    assert check_sentence("The update adds a field to four calls.", [evidence]).reason == "number"


@pytest.mark.parametrize(
    ("sentence", "evidence"), [("", [EVIDENCE]), ("…", [EVIDENCE]), (EVIDENCE, []), (EVIDENCE, [" "])]
)
def test_nothing_to_check_is_not_supported(sentence: str, evidence: list[str]) -> None:
    assert check_sentence(sentence, evidence).reason == "evidence"


def test_an_endless_sentence_is_judged_without_failing() -> None:
    assert not check_sentence("and the fund spent money " * 2_000, [EVIDENCE]).supported


def test_every_score_is_a_probability_and_a_reason_stands_only_where_support_is_missing() -> None:
    records = [json.loads(line) for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()][:40]
    for record in records:
        verdict = check_sentence(record["sentence"], record["evidence"])
        assert 0.0 <= verdict.score <= 1.0
        assert verdict.supported == (verdict.reason == "")


def test_a_figure_said_roughly_is_the_figure_and_one_on_the_wrong_side_of_it_is_not() -> None:
    evidence = "We postponed 214 operations, and 205 of the 612 pipes have been replaced."

    def reason(sentence: str) -> str:
        return check_sentence(sentence, [evidence]).reason

    assert reason("More than two hundred operations were postponed.") != "number"
    assert reason("A third of the 612 pipes have been replaced.") != "number"
    assert reason("More than 220 operations were postponed.") == "number"
    assert reason("Fewer than two hundred operations were postponed.") == "number"
    assert reason("Half of the 612 pipes have been replaced.") == "number"


@pytest.mark.parametrize(
    ("evidence", "turned"),
    [
        (
            "The committee rejected the proposal because it would have raised the fees of small members.",
            "The proposal was accepted since small members would have to pay less.",
        ),
        (
            "The museum will stay open on Mondays from May, but the café closes.",
            "From May on, visitors can no longer come on Mondays, though the café is open.",
        ),
        (
            "Anna Weber lent her bicycle to Tom Fisher before the race.",
            "Before the race Anna Weber borrowed Tom Fisher's bicycle.",
        ),
        (
            "Rents rose faster in the north than in the south last year.",
            "Last year the south saw a steeper increase of rents than the north.",
        ),
    ],
    ids=["the opposite", "two facts exchanged", "two people exchanged", "a comparison turned round"],
)
def test_a_claim_turned_round_in_other_words_is_stopped(evidence: str, turned: str) -> None:
    assert not check_sentence(turned, [evidence]).supported


def test_who_lent_to_whom_may_be_said_from_the_other_side() -> None:
    evidence = ["Anna Weber lent her bicycle to Tom Fisher before the race."]
    assert check_sentence("Before the race Tom Fisher borrowed Anna Weber's bicycle.", evidence).supported


def test_a_very_long_pair_is_cut_and_still_read() -> None:
    said, given = "the fund spent money " * 500, "the fund saved money " * 500
    whole = load_pair_reader().score(said, [given])
    assert whole == load_pair_reader().score(said + "and lent some", [given + "and lent none"])


def test_damaged_weights_of_the_pair_reader_are_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    card = tmp_path / "pair.json"
    card.write_bytes(pair_reader.CARD.read_bytes())
    card.with_suffix(".safetensors").write_bytes(b"damaged")
    monkeypatch.setattr(pair_reader, "CARD", card)
    load_pair_reader.cache_clear()
    with pytest.raises(ModelUnavailable, match=r"pair\.safetensors are missing or damaged: reinstall"):
        load_pair_reader()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_no_word_of_a_parse_depends_on_itself(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 30))
    arcs = random.normal(size=(count, count + 1)).astype(np.float32)
    arcs[np.arange(count), np.arange(count) + 1] = -9.0  # no word is its own head
    heads = _tree(arcs)
    for word in range(count):
        steps = 0
        while word >= 0:
            word, steps = int(heads[word]) - 1, steps + 1
            assert steps <= count
