"""Every transcript is what the bot says today, and every ending of a guide has one in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.loading import CONTENT
from content.check import endings
from tests.transcripts.record import DIALOGUES, FOLDER, LANGUAGES
from tests.transcripts.script import Script, read
from tests.transcripts.stage import COUNTRY, Impossible, Stage, shipped_world

OF_ENDINGS = sorted(FOLDER.glob("*.txt"))
ALL = [*OF_ENDINGS, *sorted(DIALOGUES.glob("*.txt"))]


def name(path: Path) -> str:
    return path.stem


def script(path: Path) -> Script:
    return read(path.read_text("utf-8"))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_the_bot_says_what_stands_in_the_transcript(path: Path) -> None:
    written = script(path)
    stage = Stage(shipped_world(), written.header)
    for turn in written.turns:
        where = f"{path.name}, line {turn.line}, {turn.act}: {turn.words}"
        try:
            played = stage.plays(turn)
        except Impossible as error:
            pytest.fail(f"{where}: {error}")
        assert "\n".join(played.answer) == "\n".join(turn.answer), where


@pytest.mark.parametrize("path", OF_ENDINGS, ids=name)
def test_a_transcript_of_an_ending_comes_to_this_ending_in_its_language(path: Path) -> None:
    written = script(path)
    stage = Stage(shipped_world(), written.header)
    for turn in written.turns:
        stage.plays(turn)
    state = stage.talk.state
    assert state.session.run is None
    assert (state.guide, state.step) == (written.header["guide"], written.header["ending"])
    assert {message.locale for message in stage.messages[1:]} == {written.header["language"]}


def test_every_ending_has_a_transcript_in_three_languages_and_no_other_has_one() -> None:
    headers = [script(path).header for path in OF_ENDINGS]
    walked = {(header["guide"], header["ending"], header["language"]) for header in headers}
    there = {
        (guide, ending, locale)
        for guide, steps in endings(CONTENT, COUNTRY).items()
        for ending in steps
        for locale in LANGUAGES
    }
    assert walked == there


@pytest.mark.parametrize("path", OF_ENDINGS, ids=name)
def test_a_file_is_named_after_what_it_tells(path: Path) -> None:
    header = script(path).header
    parts = path.name.split(".")
    assert (parts[0], parts[1], parts[-2]) == (header["guide"], header["ending"], header["language"])


@pytest.mark.parametrize("path", sorted(DIALOGUES.glob("*.txt")), ids=name)
def test_a_dialogue_says_what_it_is_about(path: Path) -> None:
    assert script(path).header["about"]
