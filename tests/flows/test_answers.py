from __future__ import annotations

from flows.answers import PROFILE_NAMES, known, sensitive
from flows.effects import OpenRequest
from flows.events import AnswersDropped
from flows.model import Profile
from tests.flows.build import Walker, call, end, flow, handoff, note, question, walk

ASKS = flow(
    question("status", {"refugee": "town"}, sensitive=True),
    question("town", {"nis": "in"}),
    call("in", "inner", "bye"),
    end("bye"),
)
INNER = flow(
    question("fear", {"yes": "lawyer", "no": "wait"}, sensitive=True),
    note("wait", next="out"),
    handoff("lawyer"),
    end("out"),
    id_="inner",
)


def request(walker: Walker) -> OpenRequest:
    return next(effect for effect in walker.effects if isinstance(effect, OpenRequest))


def test_dropping_forgets_sensitive_answers_of_every_run_and_keeps_that_they_were_asked() -> None:
    walker = walk(ASKS, INNER).picks("refugee", "nis", "no").meets(AnswersDropped())
    assert [dict(run.answers) for run in walker.session.runs] == [{"town": "nis"}, {}]
    assert [run.passed for run in walker.session.runs] == [("status", "town"), ("fear",)]
    assert walker.effects == ()


def test_a_name_that_one_question_calls_sensitive_is_sensitive_wherever_it_was_answered() -> None:
    inner = flow(question("town", {"nis": "out"}, sensitive=True), end("out"), id_="inner")
    walker = walk(ASKS, inner).picks("refugee", "nis").meets(AnswersDropped())
    assert walker.session.runs[0].answers == {}


def test_what_a_finished_flow_asked_as_sensitive_is_sensitive_in_the_flow_it_was_copied_to() -> None:
    outer = flow(
        question("town", {"nis": "in"}),
        call("in", "inner", "read"),
        note("read", next="bye"),
        end("bye"),
    )
    inner = flow(question("town", {"sid": "out"}, sensitive=True), end("out"), id_="inner")
    walker = walk(outer, inner).picks("nis", "sid")
    assert walker.run.answers == {"town": "sid"}
    assert walker.meets(AnswersDropped()).run.answers == {}


def test_an_answer_for_which_no_question_asks_any_more_is_dropped_as_well() -> None:
    walker = walk(ASKS, INNER).picks("refugee", "nis")
    walker.library = {}
    assert walker.meets(AnswersDropped()).session.runs[0].answers == {}


def test_a_request_carries_the_answers_that_led_to_it_with_the_sensitive_ones_apart() -> None:
    asked = request(walk(ASKS, INNER).picks("refugee", "nis", "yes"))
    assert (asked.type, asked.flow, asked.step) == ("legal", "inner", "lawyer")
    assert asked.answers == {"town": "nis"}
    assert asked.sensitive == {"status": "refugee", "fear": "yes"}


def test_the_sensitive_answers_of_the_whole_stack_can_be_told_from_the_rest() -> None:
    walker = walk(ASKS, INNER).picks("refugee", "nis", "no")
    assert sensitive(walker.library, walker.session.runs) == {("status", "refugee"), ("fear", "no")}


def test_a_request_carries_nothing_of_the_profile() -> None:
    walker = Walker({handing.id: handing for handing in [flow(handoff("lawyer"))]}, Profile(country="serbia")).begin()
    assert (request(walker).answers, request(walker).sensitive) == ({}, {})


def test_every_field_of_the_profile_can_be_tested() -> None:
    full = Profile(country="serbia", municipality="nis", language="ar", consent=True)
    assert known((), full).values.keys() == PROFILE_NAMES


def test_what_the_profile_tells_is_not_missing_though_the_question_was_declined() -> None:
    guide = flow(question("municipality", {"unsaid": "read"}, unsaid=["unsaid"]), note("read", next="bye"), end("bye"))
    runs = walk(guide).picks("unsaid").session.runs
    assert known(runs, Profile()).missing == {"municipality"}
    assert known(runs, Profile(municipality="nis")).missing == set()
