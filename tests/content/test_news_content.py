"""What is checked of municipalities, topics of news and series before anybody sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.load import load_country
from content.texts import texts_of_series
from tests.content.build import country, linted, shipped

PLACES, TOPICS, BOT = "places/serbia.yaml", "news_topics.yaml", "texts/bot.yaml"
SERIES = """\
series: words
country: serbia
icon: home
title: A word a day
about: One word a day.
parts:
  - {id: yes, local: Да., means: Yes.}
  - {id: no, local: Не., says: neh, means: No.}
"""


def test_the_shipped_towns_topics_and_series_are_all_there() -> None:
    pack = shipped()
    assert len(pack.places.municipalities) == 18
    assert [topic.id for topic in pack.news_topics.topics] == [
        "language", "work", "health", "documents", "family", "events",
    ]  # fmt: skip
    assert len(pack.series["phrases"].parts) == 14


@pytest.mark.parametrize(
    ("towns", "said"),
    [
        ("{id: sid, latin: Sid, cyrillic: Шид}", "'Sid' is not 'Шид' in Latin letters"),
        ("{id: sid, latin: Šid, cyrillic: Šid}", "'Šid' is not 'Šid' in Latin letters"),
        ("{id: a, latin: Šid, cyrillic: Шид}, {id: a, latin: Ruma, cyrillic: Рума}", "the id 'a' stands twice"),
        ("{id: a, latin: Šid, cyrillic: Шид}, {id: b, latin: Sid, cyrillic: Сид}", "'Sid' is typed like 'a'"),
    ],
)
def test_towns_that_could_not_be_told_apart_or_are_miswritten_are_refused(
    tmp_path: Path, towns: str, said: str
) -> None:
    edit = ("review_by: 2027-02-21\n", f"review_by: 2027-02-21\nmunicipalities: [{towns}]\n")
    faults = [problem for problem in linted(tmp_path, edit, file=PLACES) if problem.text == said]
    assert [problem.severity for problem in faults] == ["error"]


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        ("{id: work, icon: home}", "there is no text bot.news_topic.work"),
        ("{id: work, icon: sun}", "there is no icon 'sun'"),
        ("{id: work, icon: home}, {id: work, icon: home}", "the id 'work' stands twice"),
    ],
)
def test_a_topic_has_an_icon_and_words_and_stands_once(tmp_path: Path, topics: str, said: str) -> None:
    found = linted(tmp_path, ("topics: []", f"topics: [{topics}]"), file=TOPICS)
    assert said in [problem.text for problem in found if problem.severity == "error"]


def _with_series(tmp_path: Path, text: str, name: str = "words.yaml") -> Path:
    root = country(tmp_path)
    path = root / "series" / "serbia" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return root


def test_a_series_is_read_and_its_texts_go_to_translators(tmp_path: Path) -> None:
    pack = load_country(_with_series(tmp_path, SERIES), "serbia")
    assert pack.broken == ()
    keys = [entry.key for entry in texts_of_series(pack.series["words"])]
    assert keys == ["words.series.title", "words.series.about", "words.yes.means", "words.no.means", "words.no.says"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: no,", "id: yes,", "the id 'yes' stands twice, or is reserved"),
        ("id: no,", "id: series,", "the id 'series' stands twice, or is reserved"),
        ("icon: home", "icon: sun", "there is no icon 'sun'"),
        ("series: words", "series: small", "the id 'small' is taken by a guide or by texts"),
        ("series: words", "series: others", "series and country must be the names of the file and its folder"),
    ],
)
def test_a_faulty_series_is_left_out_and_all_else_works(tmp_path: Path, old: str, new: str, said: str) -> None:
    root = _with_series(tmp_path, SERIES.replace(old, new, 1), "small.yaml" if "small" in new else "words.yaml")
    pack = load_country(root, "serbia")
    assert pack.series == {}
    assert said in [problem.text for problem in pack.broken]
    assert "small" in pack.guides
    (fault,) = [problem for problem in pack.broken if problem.text == said]
    assert new in Path(fault.file).read_text("utf-8").splitlines()[fault.line - 1]
