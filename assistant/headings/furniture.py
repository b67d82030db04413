"""Headings that say nothing of what stands below them: greetings, and the frame that any newsletter has."""

from __future__ import annotations

import re

_GREETING = re.compile(
    r"(?:my |our )?(?:dear|hello|hi|greetings|good (?:morning|afternoon|evening)|to all)\b|尊敬的|亲爱的", re.I
)
_CHINESE = re.compile(
    r"(?:目录|编者按|卷首语|前言|本期(?:内容|导读|目录)?|简讯|新闻|活动预告|联系我们|欢迎|通知|公告)+"
)
# What headings of the frame are made of; one with any other word names something
_FRAME_WORDS = """
    a about all also an and any at brief briefly bulletin calendar chair chairman chairperson closing column comment
    comments committee contact contacts content contents corner date dates details diaries diary edition editor
    editor's editorial editors ending event events feature featured features final first for foreword forthcoming from
    general glance greetings headlines here highlights home in index inside intro introduction issue issues items
    know last late latest letter letters list local looking ahead me message messages misc miscellaneous miscellany
    month month's monthly more my new news newsletter next note notes notice noticeboard notices of office on opening
    other our overview page pages past people preface president president's previous quick recent regular remember
    reminder reminders report reports review round roundup round-up schedule secretary section short shorts snippets
    some stories story subscribe summary table thank thanks that the these things this to top up upcoming update
    updates us view week week's weekly welcome what what's whats with words year year's you your
"""
_FRAME = frozenset(_FRAME_WORDS.split())
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_][\w'-]*")


def is_furniture(heading: str) -> bool:
    """Whether a heading greets, or is made of nothing but what frames a newsletter ("In brief", "Dates for your diary")."""
    said = heading.strip().lower().replace("’", "'")
    if _GREETING.match(said) or _CHINESE.fullmatch(said):
        return True
    return all(word in _FRAME for word in _WORD.findall(said)) and not _CJK.search(said)
