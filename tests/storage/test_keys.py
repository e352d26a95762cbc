from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.crypto import Secrets, Tampered
from storage.keys import KeyGone, Keys
from tests.storage.build import MORNING, SECRET_KEY, Clock
from tests.storage.conftest import create_database

DAY = MORNING.date()
Open = Callable[[], Keys]


@pytest.fixture(params=["sqlite", "postgresql"])
def open_keys(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same store again and again, as other processes would."""
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    if request.param == "postgresql":
        url = create_database(request.getfixturevalue("postgres"), f"keys_{abs(hash(tmp_path))}")
    opened: list[Keys] = []

    def open_one() -> Keys:
        opened.append(Keys.open(url, Secrets(SECRET_KEY), Clock()))
        return opened[-1]

    yield open_one
    for keys in opened:
        keys.close()


def test_a_key_that_was_made_is_there_for_other_processes_at_once(open_keys: Open) -> None:
    keys = open_keys()
    keys.make(["v:1", "c:2"])
    assert open_keys().get("v:1") == keys.get("v:1")
    assert len({keys.get("v:1"), keys.get("c:2")}) == 2


def test_a_key_that_was_never_made_is_gone(open_keys: Open) -> None:
    with pytest.raises(KeyGone):
        open_keys().get("v:1")


def test_a_destroyed_key_is_gone_here_and_in_every_process_that_starts_later(open_keys: Open) -> None:
    keys = open_keys()
    keys.make(["v:1", "v:2"])
    keys.destroy(["v:1"])
    keys.destroy(["v:1"])
    for store in (keys, open_keys()):
        with pytest.raises(KeyGone):
            store.get("v:1")
        assert len(store.get("v:2")) == 32


def test_warming_fetches_what_is_there_and_passes_over_what_is_not(open_keys: Open) -> None:
    open_keys().make(["v:1"])
    keys = open_keys()
    keys.warm(["v:1", "v:9"])
    assert len(keys.get("v:1")) == 32


def test_the_ingress_key_of_a_day_is_the_same_in_all_processes(open_keys: Open) -> None:
    first, second = open_keys(), open_keys()
    assert first.ingress(DAY, make=True) == second.ingress(DAY, make=True)
    assert first.ingress(DAY) != first.ingress(DAY + timedelta(days=1), make=True)


def test_the_ingress_key_of_a_day_on_which_nothing_arrived_is_not_made_by_asking(open_keys: Open) -> None:
    with pytest.raises(KeyGone):
        open_keys().ingress(DAY)


def test_ingress_keys_end_before_a_day(open_keys: Open) -> None:
    keys = open_keys()
    keys.ingress(DAY, make=True)
    kept = keys.ingress(DAY + timedelta(days=1), make=True)
    keys.expire_ingress(DAY + timedelta(days=1))
    for store in (keys, open_keys()):
        with pytest.raises(KeyGone):
            store.ingress(DAY)
        assert store.ingress(DAY + timedelta(days=1)) == kept


def test_keys_do_not_open_with_another_secret_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    keys = Keys.open(url, Secrets(SECRET_KEY), Clock())
    keys.make(["v:1"])
    keys.close()
    stranger = Keys.open(url, Secrets(SECRET_KEY[::-1]), Clock())
    with pytest.raises(Tampered):
        stranger.get("v:1")
    stranger.close()


def test_a_key_is_not_readable_in_the_file(tmp_path: Path) -> None:
    keys = Keys.open(f"sqlite:///{tmp_path / 'keys.db'}", Secrets(SECRET_KEY), Clock())
    keys.make(["v:1"])
    key = keys.get("v:1")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    keys.close()
    assert b"v:1" in files
    assert key not in files


def test_a_destroyed_key_leaves_the_file_and_its_log(tmp_path: Path) -> None:
    keys = Keys.open(f"sqlite:///{tmp_path / 'keys.db'}", Secrets(SECRET_KEY), Clock())
    keys.make(["v:123456789"])
    keys.destroy(["v:123456789"])
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    keys.close()
    assert b"v:123456789" not in files
