"""A YAML file that cannot be used says so with its line, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.problems import ContentError, Problem
from content.reading import read_file, read_text
from content.schema import Guide
from content.tables import Consent, Hours, Icons, Sources
from tests.content.build import GUIDE, OTHERS


def faults(text: str, model: type = Guide) -> list[Problem]:
    with pytest.raises(ContentError) as error:
        read_text(text, "f.yaml", model)
    return list(error.value.problems)


def faults_if_any(text: str) -> list[Problem]:
    try:
        read_text(text, "f.yaml", Guide)
    except ContentError as error:
        return error.problems
    return []


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: [\n", 3, "no valid YAML"),
        ("a: 1\na: 2\n", 2, "no valid YAML"),
        ("version: &x one\npromise: ''\nsigned_off_on: [*x]\n", 3, "signed_off_on"),
        ("version: !!set [1]\n", 1, "no valid YAML"),
        ("version: !new one\npromise: ''\nsigned_off_on: ''\n", 1, "no tags"),
        ("", 1, "valid dictionary"),
        ("- version\n", 1, "valid dictionary"),
        ("version: '1'\npromise: ''\n", 1, "'signed_off_on' is missing"),
        ("version: '1'\npromise: ''\nsigned_off_on: ''\nextra: 1\n", 4, "extra: unknown key"),
        ("version: '1'\npromise: no\nsigned_off_on: 2026-13-01\n", 3, "signed_off_on"),
        ("version: '1'\npromise: ''\nsigned_off_on: 1026-11-01\n", 3, "the year 1026 is a slip"),
        ("version: 1\npromise: ''\nsigned_off_on: ''\n", 1, "put it in quotes"),
    ],
)
def test_fault_is_told_with_its_line(text: str, line: int, reason: str) -> None:
    found = faults(text, Consent)
    assert [problem.line for problem in found if reason in problem.text] == [line], found


def test_all_faults_of_a_file_are_told_at_once() -> None:
    found = faults("version: 1\npromise: 2\nsigned_off_on: ''\nmore: 3\n", Consent)
    assert [problem.line for problem in found] == [1, 2, 4]


def test_an_alias_cannot_blow_a_file_up() -> None:
    layers = "".join(f"k{n}: &l{n} [*l{n - 1}, *l{n - 1}]\n" for n in range(1, 60))
    assert "no aliases" in faults("k0: &l0 [x]\n" + layers, Icons)[0].text


def test_a_file_that_holds_itself_is_refused() -> None:
    assert faults("a: &a [*a]\n", Icons)


def test_deep_nesting_is_refused() -> None:
    assert faults("a: " + "[" * 40 + "]" * 40, Icons)[0].text == "nested too deeply"
    assert faults("[" * 400, Icons)


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="this file is missing"):
        read_file(tmp_path / "none.yaml", Consent)
    (tmp_path / "latin.yaml").write_bytes("version: č".encode("cp1250"))
    with pytest.raises(ContentError, match="UTF-8"):
        read_file(tmp_path / "latin.yaml", Consent)


def test_yaml_no_is_a_word_and_a_number_with_a_zero_is_refused_not_changed() -> None:
    consent = read_text("version: no\npromise: ''\nsigned_off_on: ''\n", "f", Consent)
    assert consent.version == "no"
    assert faults("version: 0114242\npromise: ''\nsigned_off_on: ''\n", Consent)


@pytest.mark.parametrize("icon", ["home", "🏠🏠🏠", "🏠 x", "''"])
def test_an_icon_is_one_emoji(icon: str) -> None:
    assert faults(f"home: {icon}\n", Icons)


@pytest.mark.parametrize("day", ["2024-5", "May 2024", "24"])
def test_a_source_date_has_one_form(day: str) -> None:
    assert "source date" in faults(f"A: {{title: t, address: a, date: '{day}'}}\n", Sources)[0].text


def test_hours_that_close_before_they_open_are_refused() -> None:
    text = OTHERS["hours.yaml"].replace("17:00", "08:00")
    assert "open before they close" in faults(text, Hours)[0].text


SPOILERS = st.sampled_from(
    ["{", "}", "[", "]", ": ", "- ", "&a ", "*a", "!x ", "!!set ", "!!int ", "!!timestamp ", "|", "\t", "'", '"', "? ",
     "<<: ", "---\n", "%YAML 1.1\n", "2026-99-99", "1e999", ".nan", "~", "\x00", "\ufeff", "@", "\n\n  ", "9" * 30]
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GUIDE)), SPOILERS), max_size=6))
def test_a_spoiled_guide_is_read_or_refused_with_a_line(spoilers: list[tuple[int, str]]) -> None:
    text = GUIDE
    for position, spoiler in spoilers:
        text = text[:position] + spoiler + text[position:]
    assert all(1 <= problem.line <= text.count("\n") + 2 for problem in faults_if_any(text))


@settings(max_examples=50, deadline=None)
@given(st.text() | st.lists(SPOILERS, max_size=20).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ContentError):
        read_text(text, "f.yaml", Guide)
