from __future__ import annotations

import pytest

from storage.crypto import Secrets, Tampered, unseal
from tests.storage.build import SECRET_KEY

KEY = bytes(32)


def test_what_is_sealed_opens_at_its_place() -> None:
    sealed = Secrets(SECRET_KEY).seal(KEY, b"words", "message.sealed:1")
    assert b"words" not in sealed
    assert unseal(KEY, sealed, "message.sealed:1") == b"words"


def test_sealed_bytes_moved_to_another_row_do_not_open() -> None:
    sealed = Secrets(SECRET_KEY).seal(KEY, b"words", "message.sealed:1")
    with pytest.raises(Tampered):
        unseal(KEY, sealed, "message.sealed:2")


@pytest.mark.parametrize("changed", [0, 12, -1])
def test_sealed_bytes_that_were_changed_do_not_open(changed: int) -> None:
    sealed = bytearray(Secrets(SECRET_KEY).seal(KEY, b"words", "p"))
    sealed[changed] ^= 1
    with pytest.raises(Tampered):
        unseal(KEY, bytes(sealed), "p")


@pytest.mark.parametrize("broken", [b"", b"short", bytes(12)])
def test_bytes_that_were_never_sealed_do_not_open(broken: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(KEY, broken, "p")


def test_another_key_does_not_open() -> None:
    sealed = Secrets(SECRET_KEY).seal(KEY, b"words", "p")
    with pytest.raises(Tampered):
        unseal(bytes(31) + b"1", sealed, "p")


def test_a_refusal_names_the_column_but_not_the_row() -> None:
    with pytest.raises(Tampered, match=r"^message\.sealed$"):
        unseal(KEY, b"", "message.sealed:77")


def test_equal_words_are_sealed_differently_each_time() -> None:
    secrets = Secrets(SECRET_KEY)
    assert secrets.seal(KEY, b"words", "p") != secrets.seal(KEY, b"words", "p")


def test_the_nonce_comes_from_the_source_that_was_handed_in() -> None:
    secrets = Secrets(SECRET_KEY, nonce=lambda: b"n" * 12)
    assert secrets.seal(KEY, b"words", "p").startswith(b"n" * 12)


def test_lookups_are_the_same_in_every_process_and_differ_by_kind_value_and_secret() -> None:
    secrets, again, other = Secrets(SECRET_KEY), Secrets(SECRET_KEY), Secrets(SECRET_KEY[::-1])
    assert secrets.lookup("address", "100") == again.lookup("address", "100")
    different = {
        secrets.lookup("address", "100"),
        secrets.lookup("address", "101"),
        secrets.lookup("addres", "s100"),
        secrets.lookup("staff", "100"),
        other.lookup("address", "100"),
    }
    assert len(different) == 5
    assert all(len(lookup) == 16 for lookup in different)


def test_lone_surrogates_can_be_looked_up() -> None:
    assert len(Secrets(SECRET_KEY).lookup("address", "\ud800")) == 16


def test_subkeys_of_different_purposes_differ() -> None:
    secrets = Secrets(SECRET_KEY)
    assert len({secrets.subkey(purpose) for purpose in ("wrap", "lookup", "ingress", "button", "web")}) == 5


def test_a_short_secret_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Secrets(bytes(31))
