"""What a button does, and its signed form of at most 64 bytes.

Absolute actions say an end state and work for ever. Answers and the few that could harm when pressed late name the
screen or wait they belong to; anything older is stale. Every button is bound to the address it was sent to.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum

from storage import crypto

MAX_BYTES = 64
_MAC_BYTES = 8


class Act(StrEnum):
    """The kind of a button; the value is what stands in the data."""

    ANSWER = "a"  # run, visit, choice
    BACK = "b"
    HOME = "h"
    PERSON = "p"  # optional: type of request
    URGENT = "u"
    LANGUAGES = "g"
    LANGUAGE = "l"  # code
    CONSENT = "c"  # full | unsaved
    PRIVACY = "v"
    GUIDE = "i"  # guide: its intro card
    START = "s"  # guide
    PAPERS = "d"  # guide
    MORE = "m"  # guide, step
    CARD = "k"  # guide, step
    CONTINUE = "n"
    RESTART = "r"  # guide
    CHANGES = "w"  # guide
    FEEDBACK = "f"  # guide, value
    DATA = "t"
    STOP = "x"
    UNSTOP = "y"
    DELETE = "e"
    DELETE_NOW = "z"  # optional: clear
    TICK = "T"  # guide, paper, 1 (ready) | 0
    ASK_DAY = "D"  # guide, step
    WRITE_DAY = "W"  # guide, step: it will be typed
    DAY = "N"  # the day, as 20261123
    FORGET_DAY = "F"  # guide, step
    SHARE = "S"  # guide, step
    KNOWN = "kn"
    EXPORT = "ex"
    CLEAR = "cl"
    CLAIM = "q"  # number: a member of staff takes a request
    DECLINE = "qn"  # number: a member of staff does not go on with what a colleague offered
    CLOSE = "oc"  # number, outcome: a member of staff ends a request, in the staff group
    DUTY = "dy"  # on | paused | off, minutes: a member of staff comes, pauses or goes
    SOLVED = "o"  # number, yes | no | later
    MINE = "j"  # my requests
    REASON = "re"  # number, why somebody is stuck
    ABOUT = "ab"  # number, what the request is about
    WISH = "wi"  # number; or number, name of a wish, value
    NEED = "ne"  # number; or number, question, answer: the form for goods or money
    ADD = "ad"  # number: what follows joins this request
    READ = "rd"  # guide, step: to be read only
    NONE = "no"  # none of what was found
    OTHERS = "og"  # languages that we lack
    LACK = "lk"  # code of one of them
    NEWS = "nw"  # what one follows
    NOTICES = "nl"  # optional: how many to leave out
    NOTICE = "nt"  # number of a notice
    ASK_NOTICE = "nq"  # number of a notice: a question about it
    TOWNS = "tn"  # optional: page
    TOWN = "tw"  # optional: id; none = not said
    TOPICS = "tp"
    PLACES = "pl"  # optional: page
    FOLLOW = "fo"  # topic | place, id, 1 | 0, page
    SERIES = "se"  # optional: id
    SERIES_SET = "ss"  # id, 1 | 0
    REMIND = "rm"  # guide, step, 1 | 0
    REMINDED = "ro"  # guide, step: what a reminder was about
    OCCASIONS = "rs"  # days of which one is reminded, or could be
    OCCASION = "ry"  # occasion
    OCCASION_DAY = "rn"  # occasion, the day as in DAY
    OCCASION_OFF = "rx"  # optional: occasion; none = everything that one is reminded of
    CHATS = "ch"  # other chats of the person
    LINK = "ln"
    RECOVERY = "rc"
    JOIN = "jn"  # number of a code that was typed
    EVENT = "ev"  # event
    RSVP = "rv"  # event, yes | no, companions
    EVENT_PLACE = "ew"  # event
    EVENTS = "el"  # what is to come
    SURVEY = "sv"  # survey
    SURVEY_BEGIN = "sb"  # survey
    SURVEY_ANSWER = "sa"  # survey, question, choice | s
    SURVEY_STOP = "sx"
    SURVEY_FORGET = "sf"
    SURVEY_INVITED = "sy"  # survey, yes | no
    PEOPLE = "wh"  # who writes from this phone
    BE = "be"  # contact
    NEW_PERSON = "np"
    LABEL = "la"
    PAGE = "pg"  # number, lines left: the other buttons of this screen, or the next lines


_KNOWN = frozenset(act.value for act in Act)

# Late presses of these change nothing: they belong to the screen that showed them.
BOUND_TO_SCREEN = frozenset({Act.BACK, Act.RESTART, Act.DELETE_NOW, Act.DAY, Act.OCCASION_DAY})

# These act on what a person answered and noted: shown before another standing took its place, they change nothing.
BOUND_TO_STANDING = frozenset(
    {
        Act.ANSWER,
        Act.TICK,
        Act.DAY,
        Act.OCCASION_DAY,
        Act.CONSENT,
        Act.START,
        Act.RESTART,
        Act.FEEDBACK,
        Act.SURVEY_FORGET,
    }
)


@dataclass(frozen=True, slots=True)
class Action:
    """One button's meaning. screen: number of the screen that shows it."""

    act: Act
    args: tuple[str, ...] = ()
    screen: int = 0


def sign(action: Action, key: bytes, address_id: int) -> str:
    """The data of a button for one address. Raises ValueError when it would not fit in 64 bytes."""
    body = ".".join((action.act, *action.args, str(action.screen)))
    data = f"{body}~{_mac(body, key, address_id)}"
    if len(data.encode()) > MAX_BYTES:
        raise ValueError(f"button data too long: {body}")
    return data


def read(data: str, key: bytes, address_id: int) -> Action | None:
    """The action of a button that we made for this address, or None for anything else."""
    body, _, mac = data.rpartition("~")
    if not hmac.compare_digest(mac.encode(errors="replace"), _mac(body, key, address_id).encode()):
        return None
    act, *args = body.split(".")
    if act not in _KNOWN:
        return None  # an older version made it; what it did is no more
    return Action(Act(act), tuple(args[:-1]), int(args[-1]))


def _mac(body: str, key: bytes, address_id: int) -> str:
    digest = crypto.mac(key, f"{address_id}:{body}".encode(errors="surrogatepass"))
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode().rstrip("=")
