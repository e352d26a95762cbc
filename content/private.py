"""What a guide must never ask (privacy B5), and which answers must be handled with care."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.fields import Where
from content.schema import AskStep

Fault = tuple[Where, str]

_NEVER_ASK: tuple[tuple[str, str], ...] = (
    ("a full name", r"\b(?:your|full|first|last|family)(?: \w+)? (?:name|surname)s?\b(?! written)|\bsurname\b"),
    (
        "the number of a paper",
        r"\b(?:passport|asylum|personal|case|identity|id|ebs|registration|document|card)(?: \w+)? (?:number|code)\b"
        r"|\bjmbg\b",
    ),
    ("a phone number or e-mail address", r"\b(?:phone|mobile|whatsapp|viber|telegram) (?:number|name)\b|\be-?mail\b"),
    ("a date of birth", r"\b(?:date of birth|birthday|birth date)\b|\bwhen were you born\b"),
    (
        "the reason for flight",
        r"\bwhy (?:did|have|do) you (?:\w+ )?(?:leave|left|flee|fled|come|go|apply)\b|\breasons? (?:for|why)\b"
        r"|\bpersecut",
    ),
    ("religion", r"\breligio|\bmuslims?\b|\bchristians?\b|\bmosque\b|\bchurch\b|\byour faith\b|\bdo you pray\b"),
    ("ethnicity", r"\bethnic|\btribes?\b|\byour clan\b|\byour race\b"),
    ("politics", r"\bpolitic|\byour party\b|\bdid you vote\b"),
    ("sexual life", r"\bsexual|\bgay\b|\blesbian\b|\bhomosexual"),
    ("biometrics", r"\bbiometric|\bfingerprint|\bface scan|\biris\b"),
    (
        "the route or a smuggler",
        r"\bsmuggl|\byour route\b|\b(?:which|what) countries did you\b|\bhow did you (?:get|come|travel|cross|enter)\b",
    ),
    (
        "an exact location or address",
        r"\byour(?: \w+)? address\b|\bwhich (?:street|house)\b|\bgps\b|\bwhere exactly\b|\bwhere are you\b"
        r"|\bwhere do you (?:sleep|stay)\b",
    ),
    (
        "data of other people",
        r"\b(?:husband|wife|child|children|son|daughter|friend|brother|sister|father|mother|parents?)(?:'s|s'|') "
        r"(?:\w+ )?(?:name|number|phone|passport|status|papers?|address)\b",
    ),
)
_PATTERNS = tuple((what, re.compile(pattern, re.IGNORECASE)) for what, pattern in _NEVER_ASK)
_FORBIDDEN_NAMES = {
    "name": "a full name",
    "surname": "a full name",
    "passport": "the number of a paper",
    "jmbg": "the number of a paper",
    "phone": "a phone number or e-mail address",
    "email": "a phone number or e-mail address",
    "birthday": "a date of birth",
    "reason": "the reason for flight",
    "persecution": "the reason for flight",
    "religion": "religion",
    "faith": "religion",
    "ethnicity": "ethnicity",
    "tribe": "ethnicity",
    "politics": "politics",
    "party": "politics",
    "sexuality": "sexual life",
    "orientation": "sexual life",
    "biometrics": "biometrics",
    "fingerprint": "biometrics",
    "route": "the route or a smuggler",
    "smuggler": "the route or a smuggler",
    "address": "an exact location or address",
    "location": "an exact location or address",
    "gps": "an exact location or address",
}
# Answers of these kinds are dropped early and read by the claimer of a request only.
_WITH_CARE = frozenset(
    {
        "status", "fear", "afraid", "health", "illness", "sick", "pregnant", "pregnancy", "disability", "injury",
        "trauma", "violence", "family", "children", "married", "age", "minor", "danger", "police", "detained",
    }
)  # fmt: skip
_MAY_STAY_UNSAID = frozenset({"status", "health", "illness", "disability", "pregnancy", "family"})


def never_asked(text: str) -> Iterator[str]:
    """Give each thing that a question asks and nobody may ask; empty for a good question."""
    return (what for what, pattern in _PATTERNS if pattern.search(text))


def question_faults(step: AskStep, where: Where) -> Iterator[Fault]:
    """Check a question of a guide: what it asks, its answer's name, its choices; `where` is its place in the file."""
    asked = [((*where, "ask"), step.ask), ((*where, "text"), step.text or "")]
    asked += [((*where, "choices", index), choice.label) for index, choice in enumerate(step.choices)]
    for place, text in asked:
        for what in never_asked(text):
            yield place, f"never ask for {what} (privacy B5)"
    for place, name in [((*where, "answer"), step.answer or ""), (where, step.id)]:
        for part in re.split("[-_]", name):
            if part in _FORBIDDEN_NAMES:
                yield place, f"{name}: never ask for {_FORBIDDEN_NAMES[part]} (privacy B5)"
    yield from _care(step, where)


def _care(step: AskStep, where: Where) -> Iterator[Fault]:
    parts = set(re.split("[-_]", step.answer or ""))
    if parts & _WITH_CARE and not step.sensitive:
        yield (*where, "answer"), f"the answer {step.answer!r} must be sensitive: true"
    if parts & _MAY_STAY_UNSAID and all(choice.value is not None for choice in step.choices):
        yield (*where, "choices"), f"a question about {step.answer} needs a choice without a value: not said"
