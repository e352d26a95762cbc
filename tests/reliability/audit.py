"""Holds what people saw and what the product wrote down against what had to happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.reliability.ledger import Account
from tests.reliability.people import Chat


@dataclass(slots=True)
class Findings:
    """What went wrong, in counts of acts and screens; all but doubled_replies must be 0.

    lost: acts that changed nothing. doubled_state: changes and screens without an act. out_of_order: screens that came
    before an earlier one, or that show another step than the walk leads to. never_answered: acts without their screen.
    doubled_replies: screens beyond the first copy. unlisted_doubles: those that the product does not know of.
    """

    lost: int = 0
    doubled_state: int = 0
    out_of_order: int = 0
    never_answered: int = 0
    doubled_replies: int = 0
    unlisted_doubles: int = 0


def compare(chats: Sequence[Chat], accounts: Mapping[int | str, Account]) -> Findings:
    """All chats together. An act counts only where its arrival is done and its change was saved."""
    found = Findings()
    for chat in chats:
        account, acts = accounts[chat.person.id], len(chat.expected)
        found.lost += acts - min(acts, account.saved, account.inbox["done"])
        found.doubled_state += max(0, account.saved - acts) + max(0, account.inbox.total() - acts)
        _look(chat, found)
        _count_copies(chat, account, found)
    return found


def _look(chat: Chat, found: Findings) -> None:
    """The screens in the order in which each appeared first."""
    acts, newest, seen = len(chat.expected), 0, set[int]()
    for screen, text in chat.heard:
        if screen in seen:
            continue
        seen.add(screen)
        if screen > acts:
            found.doubled_state += 1
        elif screen < newest or chat.expected[screen - 1] not in text:
            found.out_of_order += 1
        newest = max(newest, screen)
    found.never_answered += len(set(range(1, acts + 1)) - seen)


def _count_copies(chat: Chat, account: Account, found: Findings) -> None:
    """One act makes one message, so screen n is the n-th message that the product wrote down for this chat."""
    doubted = dict(enumerate(account.doubted, start=1))
    for screen, copies in Counter(screen for screen, _ in chat.heard).items():
        found.doubled_replies += copies - 1
        found.unlisted_doubles += max(0, copies - 1 - doubted.get(screen, 0))
