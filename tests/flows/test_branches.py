from __future__ import annotations

import pytest

from flows.effects import Show
from flows.engine import FlowError
from flows.events import AnswersDropped, WentBack
from flows.model import Case, Flow, Kind, Not, Profile, Step, StepId
from tests.flows.build import Walker, action, branch, end, flow, is_, library, note, question, walk


def asks_status(*cases: tuple[str, str], name: str = "status") -> Flow:
    """status -> read -> sort by status -> one of the ends."""
    return flow(
        question("status", {"refugee": "read", "other": "read", "unsaid": "read"}, unsaid=["unsaid"], sensitive=True),
        note("read", next="sort"),
        branch("sort", *((is_(name, value), to) for value, to in cases), otherwise="ask"),
        note("walk", next="bye"),
        note("ask", next="bye"),
        end("bye"),
    )


WALK_IF_REFUGEE = asks_status(("refugee", "walk"))


def test_the_first_case_that_holds_is_taken() -> None:
    guide = asks_status(("refugee", "walk"), ("refugee", "ask"))
    assert walk(guide).picks("refugee", "next").at == "walk"


def test_otherwise_is_taken_where_no_case_holds() -> None:
    assert walk(WALK_IF_REFUGEE).picks("other", "next").at == "ask"


def test_a_name_that_was_never_asked_does_not_hold() -> None:
    guide = asks_status(("refugee", "walk"), name="town")
    assert walk(guide).picks("refugee", "next").at == "ask"


@pytest.mark.parametrize(
    ("name", "value", "profile"),
    [
        ("country", "serbia", Profile(country="serbia")),
        ("municipality", "nis", Profile(municipality="nis")),
        ("language", "fa_AF", Profile(language="fa_AF")),
        ("consent", "yes", Profile(consent=True)),
        ("consent", "no", Profile(consent=False)),
    ],
)
def test_a_condition_sees_the_profile(name: str, value: str, profile: Profile) -> None:
    guide = flow(branch("sort", (is_(name, value), "yes"), otherwise="no"), note("yes", next="no"), end("no"))
    assert Walker(library(guide), profile).begin().at == "yes"


def test_an_answer_goes_before_the_profile() -> None:
    guide = flow(
        question("municipality", {"sid": "sort"}),
        branch("sort", (is_("municipality", "sid"), "yes"), otherwise="no"),
        note("yes", next="no"),
        end("no"),
    )
    assert Walker(library(guide), Profile(municipality="nis")).begin().picks("sid").at == "yes"


def test_an_empty_profile_value_holds_for_nothing() -> None:
    guide = flow(branch("sort", (Not(is_("country", "")), "yes"), otherwise="no"), note("yes", next="no"), end("no"))
    assert Walker(library(guide)).begin().at == "yes"


def test_a_dropped_answer_is_asked_for_again_and_the_way_goes_on_at_the_branch() -> None:
    walker = walk(WALK_IF_REFUGEE).picks("refugee").meets(AnswersDropped()).picks("next")
    assert (walker.at, walker.run.detour) == ("status", "sort")
    assert isinstance(walker.effects[-1], Show)
    walker.picks("refugee")
    assert (walker.at, walker.run.detour) == ("walk", None)


def test_an_answer_that_was_never_kept_is_asked_for_again() -> None:
    assert walk(WALK_IF_REFUGEE).picks("unsaid", "next").at == "status"


def test_who_declines_again_takes_otherwise_and_is_not_asked_for_ever() -> None:
    assert walk(WALK_IF_REFUGEE).picks("unsaid", "next", "unsaid").at == "ask"


def test_what_was_declined_a_moment_ago_is_not_asked_at_once_again() -> None:
    guide = flow(
        question("status", {"refugee": "sort", "unsaid": "sort"}, unsaid=["unsaid"]),
        branch("sort", (Not(is_("status", "refugee")), "no"), otherwise="ask"),
        note("ask", next="no"),
        end("no"),
    )
    assert walk(guide).picks("unsaid").at == "ask"


def test_every_dropped_answer_that_a_branch_needs_is_asked_for_in_turn() -> None:
    guide = flow(
        question("status", {"refugee": "town"}, sensitive=True),
        question("town", {"nis": "read"}, sensitive=True),
        note("read", next="sort"),
        branch("sort", (is_("status", "other"), "bye"), (is_("town", "nis"), "walk"), otherwise="bye"),
        note("walk", next="bye"),
        end("bye"),
    )
    walker = walk(guide).picks("refugee", "nis").meets(AnswersDropped()).picks("next")
    assert walker.at == "status"
    assert walker.picks("refugee").at == "town"
    assert walker.picks("nis").at == "walk"


def test_of_several_questions_for_one_name_the_last_one_that_the_person_met_is_asked_again() -> None:
    guide = flow(
        question("first", {"refugee": "second"}, name="status", sensitive=True),
        question("never", {"refugee": "sort"}, name="status", sensitive=True),
        question("second", {"refugee": "read"}, name="status", sensitive=True),
        question("third", {"refugee": "read"}, name="status", sensitive=True),
        note("read", next="sort"),
        branch("sort", (is_("status", "refugee"), "walk"), otherwise="never"),
        note("walk", next="bye"),
        end("bye"),
    )
    assert walk(guide).picks("refugee", "refugee").meets(AnswersDropped()).picks("next").at == "second"


def test_back_from_a_question_asked_again_leads_to_the_wait_before_the_branch() -> None:
    walker = walk(WALK_IF_REFUGEE).picks("unsaid", "next").meets(WentBack())
    assert (walker.at, walker.run.detour) == ("read", None)


def test_back_after_a_question_asked_again_leads_to_the_wait_before_the_branch() -> None:
    walker = walk(WALK_IF_REFUGEE).picks("unsaid", "next", "refugee").meets(WentBack())
    assert walker.at == "read"
    assert walker.picks("next").at == "walk"


def test_declining_takes_back_an_answer_given_before() -> None:
    walker = walk(WALK_IF_REFUGEE).picks("refugee").meets(WentBack()).picks("unsaid")
    assert (walker.run.answers, walker.run.passed) == ({}, ("status",))


def test_a_branch_of_which_no_case_holds_is_an_error_of_the_guide() -> None:
    sort = Step(StepId("sort"), Kind.BRANCH, cases=(Case(StepId("bye"), is_("town", "nis")),))
    with pytest.raises(FlowError, match="sort"):
        walk(flow(sort, end("bye")))


def test_a_branch_that_cannot_tell_and_has_no_otherwise_is_an_error_of_the_guide() -> None:
    guide = flow(
        question("status", {"unsaid": "sort"}, unsaid=["unsaid"]),
        Step(StepId("sort"), Kind.BRANCH, cases=(Case(StepId("bye"), is_("status", "refugee")),)),
        end("bye"),
    )
    with pytest.raises(FlowError, match="otherwise"):
        walk(guide).picks("unsaid")


def test_a_step_that_neither_waits_nor_leads_on_is_an_error_of_the_guide() -> None:
    with pytest.raises(FlowError, match="neither waits"):
        walk(flow(Step(StepId("mute"), Kind.NOTE)))


def test_a_way_to_a_step_that_does_not_exist_is_an_error_of_the_guide() -> None:
    with pytest.raises(FlowError, match="nowhere"):
        walk(flow(action("look", "nowhere"))).picks("done")
