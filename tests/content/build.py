"""A small sound country on disk that a test spoils in one place, and the shipped one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from content.lint import lint
from content.load import Pack, load_country
from content.problems import Problem

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "content"
LOCALE = ROOT / "i18n" / "locale"
TODAY = date(2026, 11, 22)

GUIDE = """\
guide: small
country: serbia
icon: home
order: 1
title: A small guide
owner: ""
checked_on: 2026-11-21
keywords:
  en: [small]
rules: {active: false, fact: duration, replaces: [fee]}
intro:
  gives: You get a paper.
  for_whom: For people who need a paper.
  facts: [fee]
facts:
  fee:
    icon: home
    text: The paper costs 25 €.
    sources: [LAW]
    source_date: "2024"
    strength: check
  duration:
    topic: how long it takes
    strength: unknown
papers:
  - id: card
    text: Your card
    local: лична карта
    fact: fee
clerk_cards:
  clerk:
    local: Молим Вас, дајте ми папир.
    gloss: Please give me the paper.
deadlines:
  - {id: soon, anchor: decision, months: 6, remind_months: [5], fact: fee}
steps:
  - id: status
    ask: Which papers do you have?
    answer: status
    sensitive: true
    choices:
      - {id: refugee, label: Refugee status, value: refugee, to: fetch}
      - {id: unsaid, label: I prefer not to say, to: helper}
  - id: fetch
    do: Fetch the paper.
    text: Bring your card.
    warning: Keep a copy.
    facts: [fee, duration]
    clerk_card: clerk
    choices:
      - {id: done, label: Done, to: fork}
  - id: fork
    branch:
      - {when: {status: [refugee]}, to: finished}
      - {to: helper}
  - id: helper
    person: step_help
    say: A person helps you.
  - id: finished
    end: You have the paper.
moved: {}
changes: []
"""

OTHERS = {
    "icons.yaml": "home: 🏠\n",
    "hours.yaml": 'opens: "09:00"\ncloses: "17:00"\nweekdays: [1, 2]\nclosed_days: []\nanswer_within_hours: 2\n',
    "commands.yaml": "home: [home, /menu]\nback: [back]\n",
    "glossary.yaml": "paper:\n  en: paper\n  local: папир\n  ar: {term: ورقة, stem: ورق}\n",
    "search/common.yaml": "small_words: {en: the}\naspects: {}\n",
    "search/serbia.yaml": "small:\n  words: {en: tiny guide}\n",
    "topics.yaml": "no_guide: {food: {en: bread}}\ntalk: {hello: hello, thanks: thanks, fine: ok, insult: idiot}\n",
    "sources/serbia.yaml": 'LAW: {title: A law, address: paragraf.rs, date: "2024"}\n'
    "PAGE: {title: A page, address: mup.rs, date: undated}\n",
    "urgent/serbia.yaml": "country: serbia\nchecked_on: 2026-11-21\nreview_by: 2027-02-21\nnumbers:\n"
    '  - {id: police, number: "192", sources: [LAW], strength: official}\n'
    '  - {id: ambulance, number: "194", sources: [LAW], strength: official}\n'
    "phrase: Помоћ!\n",
    "urgent/words.yaml": 'checked_by: ""\nchecked_on: ""\nwords:\n  en: [in danger]\n',
    "places/serbia.yaml": "country: serbia\nchecked_on: 2026-11-21\nreview_by: 2027-02-21\ncontacts:\n"
    "  - {id: office, name: Office, purpose: legal, phone: '+381 11 000 0000', sources: [LAW], strength: check}\n",
    "news_topics.yaml": "topics: []\n",
    "consent/serbia.yaml": 'version: "1"\npromise: ""\nsigned_off_on: ""\n',
    "service.yaml": "paused: false\nreduced: false\n",
    "templates.yaml": "answer_waiting:\n  en: {name: waits, code: en, state: none}\nnews: {}\n"
    "account: {quality: unknown, limit: unknown, asked_on: null}\n",
    "texts/bot.yaml": "urgent:\n  police: police\n  ambulance: ambulance\nrequest:\n  legal: lawyer\n"
    "home:\n  title: How can I help?\n  menu: {text: Menu, note: a button, max: 20}\n"
    "delete:\n  steps: {text: '{count} step', plural: '{count} steps'}\n"
    "consent:\n  promise: '-'\n",
}


def country(directory: Path, *edits: tuple[str, str], file: str = "guides/serbia/small.yaml") -> Path:
    """Write the small country and replace each old text, which must be there, by the new one in `file`."""
    files = {"guides/serbia/small.yaml": GUIDE, **OTHERS}
    for old, new in edits:
        assert old in files[file], old
        files[file] = files[file].replace(old, new, 1)
    root = directory / "content"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def pack(directory: Path, *edits: tuple[str, str], file: str = "guides/serbia/small.yaml") -> Pack:
    """Load the small country after edits."""
    return load_country(country(directory, *edits, file=file), "serbia")


def linted(directory: Path, *edits: tuple[str, str], file: str = "guides/serbia/small.yaml") -> list[Problem]:
    """What the writing rules say about the small country after edits."""
    loaded = pack(directory, *edits, file=file)
    assert loaded.broken == ()
    return lint(loaded, [], TODAY)


def line_of(path: Path | str, marker: str) -> int:
    """The line, from 1, on which the marker first stands."""
    lines = Path(path).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if marker in line)


def shipped() -> Pack:
    """The content of this repository."""
    return load_country(SHIPPED, "serbia")


def copy_of_shipped(directory: Path) -> Path:
    """A copy of the shipped content that a test may spoil."""
    root = directory / "content"
    shutil.copytree(SHIPPED, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root
