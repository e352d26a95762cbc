"""The form of a transcript, and what the stage makes of it."""

from __future__ import annotations

import pytest

from bot import turn
from flows.model import FlowId, Profile, StepId
from tests.transcripts import stage as stage_module
from tests.transcripts.routes import Routes
from tests.transcripts.script import Act, Script, Turn, Unreadable, read, write
from tests.transcripts.stage import SILENT, Impossible, Stage, shipped_world

TEXT = """\
about: A hello.
language: en
now: 2026-11-23 10:00

# He says it twice.
person: hello: it is me
bot:
  🌐 Hello
buttons:
  [English] [Srpski]

time: +3 days

person sends: voice, listen
staff sees:
  request 1: question, no guide, language en
"""


def stage(**header: str) -> Stage:
    return Stage(shipped_world(), {"language": "en", **header})


def said(turn: Turn) -> str:
    return "\n".join(turn.answer)


def test_a_transcript_is_written_as_it_was_read() -> None:
    assert write(read(TEXT)) == TEXT


def test_words_after_the_first_colon_are_the_persons() -> None:
    assert read(TEXT).turns[0].words == "hello: it is me"


def test_isolates_and_empty_lines_count_for_nothing() -> None:
    marked = TEXT.replace("Hello", "\u2068Hello\u2069").replace("bot:\n", "bot:\n\n")
    assert read(marked).turns[0].answer == read(TEXT).turns[0].answer


@pytest.mark.parametrize("line", ["persn: hello", "  words before any turn", "colour: red"])
def test_a_line_that_means_nothing_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(Unreadable, match="line 2 "):
        read(f"language: en\n{line}\n")


def test_a_header_cannot_follow_a_turn() -> None:
    with pytest.raises(Unreadable, match="line 3 "):
        read("language: en\nperson: hello\nlanguage: ar\n")


def test_a_button_that_is_not_on_the_newest_message_cannot_be_pressed() -> None:
    here = stage(at="home")
    with pytest.raises(Impossible, match="Driving licence"):
        here.plays(Turn(Act.PERSON, "[English]"))
    assert "How can I help?" in said(here.plays(Turn(Act.PERSON, '[English] under "Hello"')))


def test_a_double_tap_is_written_as_silence() -> None:
    here = stage(at="home")
    here.plays(Turn(Act.PERSON, "[🚗 Driving licence]"))
    again = here.plays(Turn(Act.PERSON, '[🚗 Driving licence] under "How can I help?"'))
    assert again.answer == (SILENT,)


def test_staff_see_a_request_once_and_no_sensitive_answer() -> None:
    here = stage(guide="driving-licence", at="holding")
    opened = said(here.plays(Turn(Act.PERSON, "[🙋 Person]")))
    assert "request 1: step_help, guide driving-licence, step holding, language en" in opened
    assert "fear hidden" in opened
    assert "refugee" not in opened.lower()
    assert "staff sees" not in said(here.plays(Turn(Act.PERSON, "[🏠 Home]")))


@pytest.mark.parametrize("words", ["tomorrow", "3 days", "-3 days"])
def test_time_only_moves_forward_by_a_number(words: str) -> None:
    with pytest.raises(Impossible, match="time moves"):
        stage().plays(Turn(Act.TIME, words))


def test_the_stage_forgets_sensitive_answers_when_the_real_conversation_does() -> None:
    assert stage_module.KEEP_SENSITIVE == turn.KEEP_SENSITIVE


def test_a_transcript_may_begin_at_any_step_that_a_way_leads_to() -> None:
    world = shipped_world()
    guide = FlowId("driving-licence")
    for step in Routes(world.library, guide, Profile()).shortest():
        arrived = stage(guide=guide, at=step).talk.state
        assert arrived.step == step


def test_the_longest_way_to_an_ending_passes_more_steps_than_the_shortest() -> None:
    routes = Routes(shipped_world().library, FlowId("driving-licence"), Profile())
    assert len(routes.longest(StepId("finished"))) > len(routes.shortest()[StepId("finished")])


def test_a_script_without_turns_is_only_its_header() -> None:
    assert write(Script({"language": "en"}, ())) == "language: en\n"
