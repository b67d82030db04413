"""Greetings, thanks and assent, and questions about the assistant itself: what asks nothing of the newsletters.

Told by words: a text is courtesy when it holds at least one word or phrase of courtesy and beside it nothing but words
that say no matter.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAS_MATTER = re.compile(r"[\d?？]")
_PHRASE = re.compile(
    r"\bhow (?:are you(?: doing)?|is everything|do you do)\b\s*\??|\bhow(?:['’]s| is) it going\b\s*\??|\bwhat['’]?s up\b\s*\??"
    r"|\b(?:can|could|would|will) you (?:please )?help(?: me| us)?(?: out| (?:with|on) (?:this|something|it))?(?: please)?\s*\?"
    r"|\b(?:can|may|could) i ask (?:you )?(?:something|a question)\b\s*\??|\bis (?:any|some)(?:body|one) there\b\s*\??|\bare you there\b\s*\??"
    r"|\bi have (?:an?|one|two|three|some|a few|another|a quick) (?:quick )?(?:questions?)\b"
    r"|\b(?:never ?mind|i see|got it|well done|all right|no (?:problem|worries)|of course|makes sense|good to know|i understand)\b"
    r"|\b(?:i|we) (?:really |all )?(?:love|like|enjoy) (?:your|this|the) (?:newsletters?|site|service|work)\b"
    r"|\bthat(?:['’]s| is| was) (?:all|it|everything)\b"
)
_COURTEOUS = (
    "hello hi hey hiya howdy greetings good bye goodbye cheers thanks thank thx ty thankyou ta regards sincerely ok okay k "
    "alright right yes yeah yep yup no nope sure great nice cool awesome perfect excellent wonderful brilliant lovely "
    "amazing fantastic super fine understood interesting helpful useful welcome congratulations congrats sorry wow haha "
    "lol hmm hm oh ah aha please appreciate appreciated grateful merci danke gracias bonjour hallo hola ciao"
)
_SAYS_NO_MATTER = (
    "a an and the so very really too also much many lot lots bit all everyone everybody team folks guys friend friends sir "
    "madam dear there again now just then well i i'm i've you you're you've we it it's this that that's is are am was "
    "were be been being your yours my me us for to of in on with at from by have has had hope hopes find finds doing day "
    "week weekend morning afternoon evening night time today advance help helping answer answers answering reply "
    "information info quick fast prompt kind kindly warm warmest best wishes ahead indeed service site tool work job "
    "newsletter newsletters assistant one make made saved would will do did"
)
_COURTESIES = frozenset(_COURTEOUS.split())
_WITHOUT_MATTER = _COURTESIES | frozenset(_SAYS_NO_MATTER.split())
_CHINESE = re.compile(r"[你您好谢多感的嗯再见早上下午晚安了非常大家是啊吗呢！，。!,. ~～]{1,30}")
_CHINESE_COURTESY = re.compile(r"[你您大家早晚]+(?:上)?[好安]|谢谢|多谢|感谢|再见|^[好嗯是]")


_ADDRESSED = re.compile(r"^(?:(?:hello|hi|hey|please|so|and|ok(?:ay)?|well)\b[ ,!.]{1,3}){1,3}")
_ASSISTANT = r"(?:(?:this|the) (?:chat|chat ?bot|bot|assistant|tool|search)|you)"
_OF_THE_ASSISTANT = re.compile(
    r"(?:i need )?help(?: me)?|(?:who|what)(?: exactly)? are you(?: exactly)?|who am i (?:talking|speaking|chatting) (?:to|with)"
    r"|are you (?:an? )?(?:(?:real )?(?:chat ?bot|bot|robot|ai|machine|human|person|program|computer)|real|chatgpt|gpt)"
    rf"|who (?:made|built|created|wrote|programmed|trained|runs) {_ASSISTANT}"
    rf"|(?:what(?: else)? (?:can|do|does)|how (?:can|do|does)) {_ASSISTANT} (?:do|work|help)(?: (?:for )?me)?"
    r"|what (?:are you able to do|are you capable of|can you help(?: me)? with)"
    r"|what(?: else| (?:kinds? of |sorts? of )?questions)? (?:can|could|should|may) (?:i|we) ask(?: you)?(?: about)?"
    r"|what (?:topics?|subjects?|themes?) do you (?:cover|know)(?: about)?|what (?:do you know|can you tell (?:me|us))(?: about)?"
)


def asks_of_the_assistant(text: str) -> bool:
    """Whether `text` asks what answers, and what it can do: "What are you?", "What can I ask you?", "help"."""
    asked = " ".join(text.lower().replace("’", "'").split()).rstrip(" ?!.")
    return _OF_THE_ASSISTANT.fullmatch(_ADDRESSED.sub("", asked)) is not None


def is_small_talk(text: str) -> bool:
    """Whether `text` is nothing but greeting, thanks or assent, or asks only of the assistant itself.

    "Great, thank you!", "Hello! I hope you are well.", "What can you do?"
    """
    return asks_of_the_assistant(text) or _is_courtesy(text)


def _is_courtesy(text: str) -> bool:
    if _CHINESE.fullmatch(text):
        return _CHINESE_COURTESY.search(text) is not None
    rest, phrases = _PHRASE.subn(" ", text.lower())
    if _HAS_MATTER.search(rest):
        return False
    words = {word.replace("’", "'") for word in _WORD.findall(rest)}
    is_courteous = phrases > 0 or not words.isdisjoint(_COURTESIES)
    return is_courteous and words <= _WITHOUT_MATTER
