"""What may go wrong on the way, by rule: refusals, outages, lost answers, slowness.

Rules are added to the running server:

    server.faults.add(Rule(Reply(429, retry_after=3), method="send*", nth=range(2, 10**6, 2)))
    server.faults.add(Rule(LostAnswer(), method="sendMessage", chance=0.01))
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http import HTTPStatus
from random import Random


@dataclass(frozen=True, slots=True)
class Reply:
    """The call is not accepted and gets this status (400-599); `retry_after` in seconds, for 429."""

    status: int
    description: str = ""
    retry_after: int | None = None

    def words(self) -> str:
        """The description, by default that of the status."""
        if self.description:
            return self.description
        phrase = HTTPStatus(self.status).phrase
        return phrase if self.retry_after is None else f"{phrase}: retry after {self.retry_after}"


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The call is accepted and done, then the connection closes without an answer."""


@dataclass(frozen=True, slots=True)
class LostCall:
    """The connection closes before the call is accepted."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The call waits this many real seconds, then is done as ever."""

    seconds: float


Fault = Reply | LostAnswer | LostCall | Delay


@dataclass(frozen=True, slots=True)
class Rule:
    """When a fault strikes. All conditions that are given must hold.

    `method` may hold wildcards ("send*"). `nth` counts, from 1, the calls that fit method and chat since the rule was
    added. `chance` is a share from 0 to 1, drawn for each such call.
    """

    fault: Fault
    method: str = "*"
    chat: int | None = None
    nth: Container[int] | None = None
    chance: float | None = None


class Faults:
    """The rules in force, in order; the first that strikes decides."""

    def __init__(self, chance: Random) -> None:
        """None yet; `chance` draws for the rules that have one."""
        self._chance = chance
        self._rules: list[Rule] = []
        self._seen: list[int] = []

    def add(self, rule: Rule) -> None:
        """From the next call on; its count begins at 1."""
        self._rules.append(rule)
        self._seen.append(0)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()
        self._seen.clear()

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The fault of this call, if any. Every rule counts the calls that fit it, whichever strikes."""
        struck: Fault | None = None
        for at, rule in enumerate(self._rules):
            if not fnmatchcase(method, rule.method) or rule.chat not in (None, chat):
                continue
            self._seen[at] += 1
            strikes = (rule.nth is None or self._seen[at] in rule.nth) and (
                rule.chance is None or self._chance.random() < rule.chance
            )
            if strikes and struck is None:
                struck = rule.fault
        return struck
