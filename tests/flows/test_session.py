from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.session import VERSION, Run, Session, SessionError, dump, load
from tests.flows.build import NOON, end, flow, note, walk

IDS = st.text(max_size=8)
SESSIONS = st.builds(
    Session,
    runs=st.lists(
        st.builds(
            Run,
            flow=IDS,
            id=st.integers(0),
            step=IDS,
            visit=st.integers(0),
            hash=IDS,
            path=st.lists(IDS).map(tuple),
            done=st.lists(IDS).map(tuple),
            answers=st.dictionaries(IDS, IDS),
            passed=st.lists(IDS).map(tuple),
            detour=st.none() | IDS,
        ),
        max_size=5,
    ).map(tuple),
    last_run=st.integers(0),
    seen_at=st.none() | st.datetimes(timezones=st.timezones()),
)


@given(SESSIONS)
def test_a_session_comes_back_from_json_as_it_was(session: Session) -> None:
    assert load(json.loads(json.dumps(dump(session)))) == session


def stored() -> dict[str, object]:
    return dump(walk(flow(note("hello", next="bye"), end("bye"))).session)


def run_with(**changes: object) -> dict[str, object]:
    whole = stored()
    (run,) = json.loads(json.dumps(whole["runs"]))
    return {**whole, "runs": [{**run, **changes}]}


def test_a_stored_session_names_its_version() -> None:
    assert stored()["v"] == VERSION == 1


def test_keys_that_a_later_program_added_are_left_aside() -> None:
    assert load({**run_with(mood="good"), "extra": 1}) == load(stored())


def test_an_unknown_version_is_refused_by_name() -> None:
    with pytest.raises(SessionError, match="version"):
        load({**stored(), "v": 2})


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"v": 1},
        {**stored(), "runs": {}},
        {**stored(), "last_run": "1"},
        {**stored(), "runs": ["hello"]},
        {**stored(), "seen_at": "yesterday"},
        {**stored(), "seen_at": NOON.replace(tzinfo=None).isoformat()},
        run_with(step=None),
        run_with(visit="2"),
        run_with(path="hello"),
        run_with(path=[1]),
        run_with(answers=[["status", "refugee"]]),
        run_with(answers={"status": 1}),
        run_with(detour=3),
    ],
)
def test_what_is_not_the_shape_of_a_session_is_refused(raw: object) -> None:
    with pytest.raises(SessionError):
        load(raw)


def test_a_loaded_session_does_not_share_its_answers_with_what_was_read() -> None:
    raw = run_with(answers={"status": "refugee"})
    session = load(raw)
    raw["runs"][0]["answers"]["status"] = "other"  # type: ignore[index]
    assert session.runs[0].answers == {"status": "refugee"}
