from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.matching import Option, Words, match
from flows.model import ChoiceId


def options(*labels: str) -> list[Option]:
    """Options whose ids are c1, c2, ... in the order of their buttons."""
    return [Option(ChoiceId(f"c{number}"), label) for number, label in enumerate(labels, start=1)]


FEAR = options("yes i am afraid", "no", "not sure")
ICONS = options("✅ done", "📍 where", "🙋 i am stuck here")


@pytest.mark.parametrize(
    ("typed", "number", "choice"),
    [
        ("no", None, "c2"),
        ("not sure", None, "c3"),
        ("not", None, "c3"),
        ("yes", None, "c1"),
        ("2", 2, "c2"),
        ("3", 3, "c3"),
        ("4", 4, None),
        ("0", 0, None),
        ("ye", None, None),
        ("maybe", None, None),
        ("", None, None),
        ("afraid", None, None),
        ("not sure at all", None, None),
    ],
)
def test_words_name_a_choice_by_number_label_or_beginning(typed: str, number: int | None, choice: str | None) -> None:
    assert match(Words(typed, number), FEAR) == choice


@pytest.mark.parametrize("typed", ["done", "✅ done", "✅done", "don", "👍 done"])
def test_the_icon_of_a_label_need_not_be_typed(typed: str) -> None:
    assert match(Words(typed), ICONS) == "c1"


def test_a_label_that_is_only_an_icon_is_matched_as_it_is() -> None:
    assert match(Words("👎"), options("👍", "👎")) == "c2"
    assert match(Words("🙂"), options("👍", "👎")) is None


def test_words_of_which_folding_leaves_nothing_name_none() -> None:
    assert match(Words(""), options("", "no")) is None


def test_a_beginning_that_two_labels_share_names_none() -> None:
    assert match(Words("refu"), options("refugee", "refused")) is None


def test_two_equal_labels_name_none() -> None:
    assert match(Words("yes"), options("yes", "yes")) is None


def test_a_whole_label_goes_before_the_beginning_of_a_longer_one() -> None:
    assert match(Words("bus"), options("bus ticket", "bus")) == "c2"


def test_a_number_that_is_one_label_and_the_place_of_another_names_none() -> None:
    months = options("3", "6", "12")
    assert match(Words("3", 3), months) is None
    assert match(Words("6", 6), months) == "c2"
    assert match(Words("1", 1), months) == "c1"


@given(
    st.lists(st.text("abc ", min_size=1, max_size=5).map(str.strip).filter(bool), unique=True, max_size=7), st.data()
)
def test_every_label_of_its_own_names_its_choice(labels: list[str], data: st.DataObject) -> None:
    if labels:
        at = data.draw(st.integers(0, len(labels) - 1))
        assert match(Words(labels[at]), options(*labels)) == f"c{at + 1}"
        assert match(Words(str(at + 1), at + 1), options(*labels)) == f"c{at + 1}"
