from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from content.check import check_all, endings, failed
from content.commands import Commands
from content.load import Pack, compile_flow
from content.overlay import apply
from content.texts import english, entries
from flows.check import endings as flow_endings
from flows.model import Kind, StepId
from tests.content.build import LOCALE, ROOT, SHIPPED, TODAY, shipped


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped()


def test_shipped_content_has_no_error() -> None:
    problems = check_all(SHIPPED, LOCALE, "serbia", TODAY)
    assert not failed(problems), "\n".join(str(problem) for problem in problems if problem.severity == "error")


def test_every_text_has_a_key_of_its_own(pack: Pack) -> None:
    keys = Counter(entry.key for texts in entries(pack).values() for entry in texts)
    assert keys.most_common(1)[0][1] == 1
    assert all(entry.key.startswith(f"{domain}.") for domain, texts in entries(pack).items() for entry in texts)


def test_no_text_of_a_fact_that_is_not_known_can_be_shown(pack: Pack) -> None:
    guide = pack.guides["driving-licence"]
    hidden = {id_ for id_, fact in guide.facts.items() if not fact.shown}
    assert hidden
    assert not {f"driving-licence.fact-{id_}.text" for id_ in hidden} & english(pack).keys()


def test_endings_are_the_ends_and_the_persons_without_a_way_on(pack: Pack) -> None:
    flow = compile_flow(pack.guides["driving-licence"])
    assert [*endings(SHIPPED, "serbia")] == ["driving-licence", "medical", "covid"]
    assert endings(SHIPPED, "serbia")["driving-licence"] == flow_endings(flow)
    assert {flow.steps[step].kind for step in flow_endings(flow)} == {Kind.END, Kind.HANDOFF}


def test_only_the_three_protected_statuses_walk_the_steps(pack: Pack) -> None:
    question = compile_flow(pack.guides["driving-licence"]).steps[StepId("status")]
    leads = {str(choice.id): (choice.value, choice.to) for choice in question.choices}
    assert {choice for choice, (_, to) in leads.items() if to == "holding"} == {"refugee", "subsidiary", "permanent"}
    assert leads["unsaid"] == (None, "ask-first")


def test_both_guides_say_the_same_about_the_exam_for_drivers(pack: Pack) -> None:
    licence, medical = pack.guides["driving-licence"].facts, pack.guides["medical"].facts
    for part in ("place", "time", "doctors", "more", "unfit"):
        ours, theirs = licence[f"medical-{part}"], medical[f"drive-{part}"]
        assert (ours.text, ours.sources, ours.strength) == (theirs.text, theirs.sources, theirs.strength), part


def test_covid_rules_can_come_back_and_are_off_today(pack: Pack) -> None:
    covid = pack.guides["covid"]
    assert covid.live == ()
    words = "From 1 December 2026 you must wear a mask in hospitals."
    laid = apply(pack, {"rules_active.covid": "yes", "fact.covid.live-rules.text": words})
    assert laid.ignored == ()
    active = laid.pack.guides["covid"]
    assert [*laid.pack.guides] == ["covid", "driving-licence", "medical"]
    assert [active.facts[id_].text for id_ in active.live] == [words]
    named = {id_ for step in active.shown().values() for id_ in (*step.facts, *step.more_facts)} | {*active.intro.facts}
    assert not named & {"rules-now", "entry", "end-order"}


def test_plain_command_words_are_found_in_every_script(pack: Pack) -> None:
    commands = Commands(pack.commands)
    spoken = {"Home": "home", "назад": "back", "Čovek": "person", "قف": "stop", "حذف کن": "delete", "/start": "start"}
    spoken |= {"What you know of me": "data", "ماذا تعرفون عني؟": "data", "از من چه می‌دانید؟": "data"}
    assert {words: commands.find(words) for words in spoken} == spoken


def test_content_is_checked_without_a_database_or_a_channel() -> None:
    code = "import sys, content.check; print([m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'aiogram')])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
