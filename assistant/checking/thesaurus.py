"""Which words are opposites and which often say the same: common ones of English prose, by stem (`words.lemma`)."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.checking.lexicon import stems

_OPPOSITES = """
increase rise grow raise climb expand gain up boost / decrease fall drop decline shrink reduce lower cut lose down
more greater higher larger bigger over above exceed / less fewer lower smaller under below
most maximum largest biggest highest / least minimum smallest lowest fewest
better improve improvement best stronger / worse worsen degrade worst weaker
fast faster quick quickly speed / slow slower slowly
before prior earlier previous previously precede old older / after later following subsequent subsequently next new newer
early / late
first initial begin beginning start open opening launch / last final end ending finish close closing conclude
accept approve allow permit enable support / reject refuse decline disallow forbid prohibit prevent disable ban deny block
add include insert introduce adopt / remove delete exclude drop omit eliminate
agree support favor / disagree oppose object
enable activate on / disable deactivate off
import / export
buy purchase / sell
win / lose
send sender transmit / receive receiver receipt
give / take
lend / borrow
upload / download
upgrade / downgrade
install / uninstall
input / output
client / server
inbound incoming / outbound outgoing
internal inside within / external outside beyond
public announced / private unannounced secret confidential
open / closed close
always / never
all every / none no
many / few
everyone / nobody
easy easier simple simpler simplify / difficult hard harder complex complicated
cheap cheaper inexpensive / expensive costly
safe secure / unsafe insecure vulnerable
strong / weak
long longer / short shorter
high / low
large big / small
wide broad widespread / narrow limited
hot warm / cold cool
rich / poor
success succeed successful pass / fail failure failing
true correct right valid / false incorrect wrong invalid
positive / negative
optional voluntary / mandatory required compulsory
temporary / permanent
manual manually / automatic automatically
static / dynamic
local / remote global
minor / major
minority / majority
parent / child
male man / female woman
north northern / south southern
east eastern / west western
left / right
top / bottom
import / export
create build / destroy
attach / detach
lock / unlock
encrypt / decrypt
encode / decode
connect / disconnect
join / leave
arrive / depart
push / pull
read / write
hide / show reveal
include / exclude
inclusion / exclusion
necessary / unnecessary
available / unavailable
compatible / incompatible
possible / impossible
likely / unlikely
able / unable
known / unknown
stable / unstable
legal / illegal
direct directly / indirect indirectly
active / inactive
visible / invisible
formal / informal
official / unofficial
known / unknown
present / absent
continue keep retain maintain / stop discontinue cease abandon
advance accelerate / delay postpone
begin / end
appear / disappear
together / separately apart
agree / disagree
like / dislike
praise / criticize
benefit advantage / drawback disadvantage
friend / enemy
profit / loss
supply / demand
cause / effect
question / answer
teacher / student
employer / employee
seller / buyer
ancestor / descendant
lead / follow
ahead / behind
forward / backward backwards
synchronous / asynchronous
horizontal / vertical
upstream / downstream
frontend / backend
lower / upper
alpha / beta stable
beta / stable
deprecated / removed
draft / final
candidate / final
proposal proposed / accepted adopted
soft / hard
full fully complete / partial partially incomplete
single one / multiple several
same identical / different
similar / dissimilar
union / intersection
include / except
"""
_SAME = """
say state note report tell explain mention write announce describe remark point according argue claim
show demonstrate illustrate display present demo
begin start launch commence kick
end finish conclude close complete
release publish ship unveil issue version
help assist aid support
use utilize employ utilise usage
make create build develop produce construct
get obtain receive acquire gain
give provide offer supply deliver donate grant
need require necessary must
want wish desire would-like
increase raise rise grow up boost climb gain
decrease reduce lower cut fall drop decline shrink down trim
improve enhance better
fix repair resolve correct patch mend bugfix
remove delete drop eliminate strip gone
add introduce include append bring new
change modify alter adjust amend update
replace supersede substitute succeed swap
choose select pick opt decide
meet gather convene meeting
hold host organize organise stage
allow let permit enable able can
prevent stop block avoid prohibit forbid disallow bar
keep retain maintain preserve remain stay
happen occur take-place
join participate attend enter
lead head chair direct helm
speak talk address speech lecture
discuss debate talk cover
plan intend aim schedule slate goal purpose objective
propose suggest recommend
think believe consider regard view see judge find
look explore investigate examine study review analyze
ask request query question
answer reply respond response
work function operate
buy purchase
large big huge sizeable substantial major
small little tiny minor
important key crucial significant critical vital essential
fast quick rapid speedy
difficult hard challenging tough
easy simple straightforward
many numerous multiple several various
few handful
about around approximately roughly circa nearly
people person user individual folk human public
company firm business enterprise corporation
organization organisation body group agency
country nation state
error bug problem issue difficulty flaw fault defect
feature function capability ability functionality
method approach way technique
part portion component piece section
result outcome output
start beginning onset
goal aim objective target
task job work
document file paper
article post piece blog text
picture image photo
movie film video
money fund funding finance financial
price cost fee
author writer
developer programmer engineer
test check verify validate
merge combine unify
condense reduce shrink consolidate
switch option flag setting parameter
dissolve disband gone
default standard
each every per all
daily day
monthly month
weekly week
annual yearly year
global worldwide international world
effective efficient
authentic genuine real
latest newest recent
former previous earlier past old
current present now today nowadays modern
often frequently regularly
usually generally typically normally mostly
sometimes occasionally
completely entirely fully totally wholly
quickly rapidly fast
together jointly co
also additionally too as-well
because since due owing reason therefore
but however although though while
mobile phone smartphone cellphone
web internet online website site
email mail
app application
repository repo
configuration config
documentation docs document
information data info detail
conference summit meeting forum event
agreement deal contract pact
law legislation act
million m
kid child
sign-up registration register
cap limit restrict maximum
money payment pay
quit leave resign
begin started underway
visit session
link connect tie
contain include hold comprise consist have feature
consist comprise made
send transmit
transfer move shift migrate
broadcast stream
own possess
pleased happy glad
candidate rc
wrote authored written write
opportunity chance
struggle trouble difficulty
locate find
prize award
winner win
"""


def _pairs() -> frozenset[tuple[str, str]]:
    found = set()
    for line in _OPPOSITES.strip().splitlines():
        left, right = (stems(side) for side in line.split(" / "))
        found |= {(a, b) for a in left for b in right if a != b}
        found |= {(b, a) for a in left for b in right if a != b}
    return frozenset(found)


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_SAME.strip().splitlines()):
        for stem in stems(line):
            found.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


OPPOSITES = _pairs()
# Verbs that say the same from the other side: who lends is not who borrows
CONVERSES = stems("buy purchase sell send receive give take lend borrow win lose")
SAME_GROUPS = _groups()


def opposite(one: str, other: str) -> bool:
    """Whether two stems are opposites, by the list or by a negative prefix."""
    return (one, other) in OPPOSITES or _prefixed(one, other) or _prefixed(other, one)


def from_the_other_side(stated: Iterable[str], given: Iterable[str]) -> bool:
    """Whether of two texts' stems each has a verb, which the other lacks, whose opposite is the other's: who does it to whom is turned
    round."""
    mine, its = CONVERSES.intersection(stated), CONVERSES.intersection(given)
    return any((one, other) in OPPOSITES for one in mine - its for other in its - mine)


def _prefixed(long: str, short: str) -> bool:
    return len(short) > 3 and any(
        long == prefix + short for prefix in ("un", "in", "im", "dis", "non", "de", "ir", "il")
    )


def same_group(one: str, other: str) -> bool:
    """Whether two stems often say the same."""
    return bool(SAME_GROUPS.get(one, frozenset()) & SAME_GROUPS.get(other, frozenset()))
