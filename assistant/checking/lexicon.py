"""Words that turn a claim round: negations, hedges, obligations and amounts.

Everything is held by stem (`words.lemma`). The lists are closed classes of English prose; no word is here for a single
newsletter's sake.
"""

from __future__ import annotations

from assistant.checking.words import lemma


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text."""
    return frozenset(lemma(word) for word in text.split())


NEGATORS = frozenset(
    [
        "not",
        "n't",
        "no",
        "never",
        "none",
        "nothing",
        "nobody",
        "neither",
        "nor",
        "without",
        "cannot",
        "nowhere",
        "hardly",
        "barely",
        "scarcely",
    ]
)
NEGATIVE = stems(
    """fail failure refuse decline deny reject lack lacking missing absent absence prevent avoid prohibit forbid forbidden ban
    disallow disable disabled unable impossible unavailable unsupported unlikely unnecessary unclear unknown unused
    unsuccessful unsafe insecure invalid incorrect incompatible incomplete unresolved unmerged unstable inactive
    remove removal drop deprecate stop cease quit halt abandon cancel postpone skip ignore omit exclude except
    rather instead unless until prohibited insurmountable disagree opposed oppose dispute false wrong discontinue
    gone dissolve lose end expire exempt unannounced unconfirmed unpublished unchanged unaware unpatched unowned
    without nothing nobody neither none few little hardly seldom rarely"""
)
HEDGES = {
    "possible": stems(
        "may might could possibly possible perhaps maybe potential potentially likely probably probable appear seem apparently suggest arguably presumably can"
    ),
    "future": stems(
        "will 'll would shall plan planned intend intention aim hope expect expected upcoming soon tomorrow forthcoming scheduled slate schedule going future eventually prepare preparing goal toward upcoming"
    ),
    "proposed": stems(
        "propose proposal suggest request recommend recommendation should want wish consider discuss draft candidate try attempt seek ask urge encourage call idea candidate experimental alpha beta explore evaluate investigate look"
    ),
    "conditional": stems("if unless whether provided assuming in-case once until when"),
    "ongoing": stems(
        "currently continue ongoing still begin start working progress in-progress underway partially almost nearly"
    ),
}
CERTAIN = {
    "must": stems(
        "must require required requirement need needed necessary mandatory have-to oblige enforce always guarantee"
    ),
    "sure": stems(
        "guarantee certainly definitely undoubtedly clearly proven prove confirm confirmed ensure always officially already"
    ),
}
AMOUNTS = {
    "all": stems(
        "all every each entire entirely whole always everyone everything everybody completely fully total totally any both universal universally throughout across"
    ),
    "none": frozenset(["no", "none", "never", "nobody", "nothing", "neither", "zero"]),
    "most": stems(
        "most majority mostly usually largely mainly chiefly generally typically primarily predominantly main"
    ),
    "many": stems("many numerous often much lot lots plenty frequently several widespread widely"),
    "some": stems("some sometimes certain partly occasionally part few a-few various"),
    "few": stems("few rarely seldom little hardly barely minority"),
    "only": stems("only solely exclusively alone just merely sole unique"),
    "first": stems("first initial initially original originally earliest"),
    "last": stems("last final finally latest ultimate"),
    "more": stems(
        "more greater higher larger bigger better faster increase rise grow up above over exceed additional longer further"
    ),
    "less": stems("less fewer lower smaller worse slower decrease fall shrink down below under reduce shorter"),
    "same": stems("same equal equally identical unchanged similar likewise"),
}
REPORTING = stems(
    "say state note report tell explain mention describe article post author writer newsletter issue text blog piece according account"
)
