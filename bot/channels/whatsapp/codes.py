"""What each code of the Cloud API means for us (Meta, "Error codes"; channels: what is done with an answer). Pure."""

from __future__ import annotations

from enum import StrEnum

from bot.channels.base import Refused, SendError, Throttled, Uncertain, Unreachable, Waits
from storage.rows import CHANGED_WHO, NEEDS_TEMPLATE

PAIR_RATE = 131056
TOO_MANY = 429  # HTTP status
NUMBER_PAUSE = 5.0  # seconds
ACCOUNT_PAUSE = 60.0  # seconds between tries while the account may not send

TOO_FAST = frozenset({4, 80007, 130429, 133016})
#: Token or permission. The range is that of Graph API permissions.
TOKEN = frozenset({0, 3, 10, 190, 131005, *range(200, 300)})
#: Quality, policy, payment, certificate, display name: the account may not send until somebody acts.
ACCOUNT = frozenset({368, 131031, 131037, 131042, 131045, 131048, 131064})
#: This address cannot be reached: no WhatsApp there, old terms, not allowed.
GONE = frozenset({131021, 131026, 131030})
TEMPLATE = frozenset({132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016})
#: Said no, and says itself that later may be better.
LATER = frozenset({131016, 131052, 131053, 131057})
#: It went wrong there, and nobody knows at what point.
UNKNOWN = frozenset({1, 2, 131000, 135000})
WINDOW = 131047
IDENTITY = 137000


class Trouble(StrEnum):
    """What stops sending for everybody; a code for logs, metrics and the desk's banner."""

    TOKEN = "whatsapp_token_refused"  # noqa: S105 - a code
    ACCOUNT = "whatsapp_account_stopped"
    TEMPLATE = "whatsapp_text_refused"


class Refusal(Exception):
    """WhatsApp answered no. status: of HTTP; code: Meta's."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def reason(code: int) -> str:
    """The short code under which staff see it; every one of them has a text (desk.why.*)."""
    if code in GONE:
        return "undeliverable"
    if code == WINDOW:
        return NEEDS_TEMPLATE
    if code == IDENTITY:
        return CHANGED_WHO
    if code in TEMPLATE:
        return "template"
    if code in ACCOUNT:
        return "account"
    return f"refused_{code}"


def trouble(code: int) -> Trouble | None:
    """What the administrator must hear of."""
    if code in TOKEN:
        return Trouble.TOKEN
    if code in ACCOUNT:
        return Trouble.ACCOUNT
    return Trouble.TEMPLATE if code in TEMPLATE else None


def translate(refusal: Refusal, pair_pause: float) -> SendError:
    """The error that stands for an answer. pair_pause: seconds that this person's messages pause where they must."""
    code = refusal.code
    if code == PAIR_RATE:
        return Throttled("pair_rate", pair_pause)
    if code in TOO_FAST or refusal.status == TOO_MANY:
        return Throttled("number_rate", NUMBER_PAUSE, whole_bot=True)
    if code in TOKEN or code in ACCOUNT:
        # Nothing is wrong with the message, so it waits.
        return Throttled(reason(code), ACCOUNT_PAUSE, whole_bot=True)
    if code in {WINDOW, IDENTITY}:
        return Waits(reason(code))
    if code in LATER:
        return Unreachable(f"later_{code}")
    if code in UNKNOWN:
        return Uncertain(f"http_{refusal.status}")
    return Refused(reason(code), ours=code not in GONE)
