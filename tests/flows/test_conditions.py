from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.conditions import Truth, Unknown, judge, names_in
from flows.model import AllOf, AnyOf, Condition, Is, Not
from tests.flows.build import is_

VALUES = {"yes": "1"}
MISSING = {"dropped", "unsaid"}
HOLDS, FAILS = is_("yes", "1"), is_("yes", "2")
DROPPED, UNSAID = is_("dropped", "1"), is_("unsaid", "1")


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (is_("yes", "0", "1"), True),
        (FAILS, False),
        (is_("never", "1"), False),
        (DROPPED, Unknown(("dropped",))),
        (Not(HOLDS), False),
        (Not(is_("never", "1")), True),
        (Not(DROPPED), Unknown(("dropped",))),
        (AllOf(()), True),
        (AllOf((HOLDS, HOLDS)), True),
        (AllOf((HOLDS, DROPPED)), Unknown(("dropped",))),
        (AllOf((DROPPED, FAILS)), False),
        (AnyOf(()), False),
        (AnyOf((FAILS, FAILS)), False),
        (AnyOf((FAILS, DROPPED)), Unknown(("dropped",))),
        (AnyOf((DROPPED, HOLDS)), True),
        (AllOf((UNSAID, AnyOf((DROPPED, UNSAID)))), Unknown(("unsaid", "dropped"))),
    ],
)
def test_truth_has_three_values(condition: Condition, truth: Truth) -> None:
    assert judge(condition, VALUES, MISSING) == truth


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Is, st.sampled_from("abc"), st.frozensets(st.sampled_from("12"))),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
ANSWERS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("12"))


@given(CONDITIONS, ANSWERS, st.sampled_from("12"))
def test_what_is_told_without_the_missing_answers_stays_true_whatever_they_are(
    condition: Condition, values: Mapping[str, str], filling: str
) -> None:
    missing = set("abc") - values.keys()
    truth = judge(condition, values, missing)
    if not isinstance(truth, Unknown):
        assert judge(condition, {**dict.fromkeys(missing, filling), **values}, set()) is truth


@given(CONDITIONS, ANSWERS)
def test_filling_the_names_that_are_unknown_settles_it(condition: Condition, values: Mapping[str, str]) -> None:
    truth = judge(condition, values, set("abc") - values.keys())
    if isinstance(truth, Unknown):
        assert set(truth.names) <= set(names_in(condition)) - values.keys()
        assert judge(condition, {**dict.fromkeys(truth.names, "1"), **values}, set()) in (True, False)


@given(CONDITIONS, CONDITIONS, ANSWERS)
def test_and_is_or_turned_inside_out(one: Condition, two: Condition, values: Mapping[str, str]) -> None:
    missing = set("ab") - values.keys()
    turned = Not(AnyOf((Not(one), Not(two))))
    assert judge(AllOf((one, two)), values, missing) == judge(turned, values, missing)
