"""The command line. Heavy things are imported by the command that needs them: `izi --help` must be quick."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_common import database as _database
from bot.cli_common import fail as _fail
from bot.cli_common import settings as _settings
from bot.cli_notices import notice_app
from bot.cli_operations import letters_app, preview, templates
from bot.cli_staff import staff_app
from content.problems import ContentError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="IZI: a neighbour in your pocket."
)
record_app = typer.Typer(no_args_is_help=True, help="Facts, numbers, hours and switches that overlay the files.")
texts_app = typer.Typer(no_args_is_help=True, help="Translations.")
app.add_typer(staff_app, name="staff")
app.add_typer(record_app, name="record")
app.add_typer(texts_app, name="texts")
app.add_typer(letters_app, name="letters")
app.add_typer(notice_app, name="notice")
app.command()(preview)
app.command()(templates)


@app.command()
def serve() -> None:
    """Run the service: chat page, desk, and Telegram where IZI_TELEGRAM_TOKEN is set."""
    # Code and content are made to stay: looking through them for garbage while they grow is a tenth of a start.
    gc.disable()  # until bot/serving.py has all that stays
    from bot.serving import run

    run(_settings())


@app.command()
def sandbox(
    data: Annotated[Path | None, typer.Option(help="Keep data in this folder; without it, it is thrown away.")] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8080,
) -> None:
    """Try everything without a token: a phone beside the desk, on one page."""
    try:
        from bot.sandbox.tryout import run
    except ModuleNotFoundError as error:
        if error.name != "telegram":
            raise
        _fail("the sandbox needs python-telegram-bot; `make sandbox` installs it, or pip install 'izi[sandbox]'")
    run(_settings(), data, port)


@app.command()
def talk(
    guide: Annotated[str | None, typer.Argument(help="Begin with this guide, for instance driving-licence.")] = None,
    language: Annotated[str, typer.Option(help="Language to begin a guide in, for instance fa_AF.")] = "en",
) -> None:
    """Talk to the bot in this terminal. Nothing is stored."""
    from bot.channels.terminal import Terminal
    from bot.clocks import now
    from bot.loading import build_world, read_pack

    settings = _settings()
    world = build_world(settings, read_pack(settings.country), {}, b"terminal")
    if guide is not None and world.guide(guide) is None:
        _fail(f"there is no guide {guide!r}; there are: {', '.join(world.guides)}")
    if language not in world.pickable:
        _fail(f"{language!r} cannot be picked; these can: {', '.join(world.pickable)}")
    Terminal(world, now, print).run(sys.stdin, guide, language)


@app.command()
def check(
    endings: Annotated[bool, typer.Option(help="List the endings of every guide instead.")] = False,
    release: Annotated[bool, typer.Option(help="Write down the structure of every guide as released.")] = False,
) -> None:
    """Say what an author or translator must mend, with file and line."""
    from bot.clocks import now
    from bot.loading import CONTENT, LOCALES, ROOT, read_pack
    from content import check as checks
    from content.released import write_released

    settings = _settings()
    if endings:
        for id, steps in checks.endings(CONTENT, settings.country).items():
            print(f"{id}: {', '.join(steps)}")
        return
    if release:
        for guide in read_pack(settings.country).guides.values():
            print(write_released(guide))
        return
    problems = checks.check_all(CONTENT, LOCALES, settings.country, now().date())
    if not checks.failed(problems):
        from bot.channels.whatsapp.fits import misfits
        from bot.loading import build_world

        world = build_world(settings, read_pack(settings.country), {}, b"check")
        problems = sorted([*problems, *misfits(world, now().date())])
    for problem in problems:
        print(str(problem).removeprefix(f"{ROOT}/"))
    print(f"{sum(p.severity == 'error' for p in problems)} errors, {len(problems)} findings")
    if checks.failed(problems):
        raise typer.Exit(1)


@app.command()
def requests() -> None:
    """List the open requests: number, type, where, language, since, promised by."""
    from storage.requests import open_requests

    with _database() as database:
        for row in database.read_now(open_requests):
            where = "/".join(part for part in (row.guide, row.step) if part)
            urgent = "URGENT" if row.urgent else ""
            promised = row.promised_by.isoformat(timespec="minutes") if row.promised_by else ""
            since = row.created_at.isoformat(timespec="minutes")
            print("\t".join((str(row.number), row.type, where, row.locale, since, promised, urgent)))


@app.command("misses")
def list_misses() -> None:
    """List what people asked and no guide is for: how often, last day, language, subject, words; wanted languages."""
    from storage.feedback import languages_wanted
    from storage.misses import misses

    with _database() as database:
        for row in database.read_now(misses):
            print("\t".join((str(row.count), row.last_day.isoformat(), row.locale, row.topic or "?", row.words)))
        for code, count in sorted(database.read_now(languages_wanted).items()):
            print(f"{count}\t\t{code}\tlanguage\t")


@app.command()
def forget(number: Annotated[int, typer.Argument(help="Number of any request of the person.")]) -> None:
    """Delete everything about the person who made a request."""
    from storage.forgetting import forget as forget_person
    from storage.media_folder import Folder
    from storage.requests import NoRequest, request

    with _database() as database:
        try:
            row = database.read_now(lambda unit: request(unit, number))
        except NoRequest:
            _fail(f"there is no request {number}")
        forget_person(database, row.conversation_id)
        Folder(_settings().media_folder).sweep(database)
        print(f"forgotten: the person of request {number}, with all their requests and messages")


@record_app.command("set")
def set_record(
    name: Annotated[str, typer.Argument(help="For instance emergency.police.number or hours.opens.")],
    value: Annotated[str, typer.Argument(help="The new value; the file's value stays as the default.")],
) -> None:
    """Give a record a new value; a running service shows it within seconds."""
    from bot.loading import read_pack
    from content import overlay
    from storage import records

    pack = read_pack(_settings().country)
    with _database() as database:
        kept = {known: str(set_to) for known, set_to in database.read_now(records.records).items()}
        try:
            # Against what is in force: hours that fit the files may not fit the records beside them.
            overlay.validate(overlay.apply(pack, kept).pack, name, value)
        except ContentError as error:
            _fail("; ".join(problem.text for problem in error.problems))
        version = database.write_now(lambda unit: records.set_record(unit, name, value, "operator"))
    print(f"{name} = {value} (version {version})")


@record_app.command("list")
def list_records(all: Annotated[bool, typer.Option(help="Also those without a value.")] = False) -> None:
    """List the records that are set, or all that can be."""
    from bot.loading import read_pack
    from content.record_names import names
    from storage.records import records

    with _database() as database:
        kept = database.read_now(records)
    for name, value in kept.items():
        print(f"{name} = {value}")
    if all:
        for name, kind in names(read_pack(_settings().country)).items():
            if name not in kept:
                print(f"{name} ({kind})")


@record_app.command("export")
def export_records() -> None:
    """Print the records as YAML, to be moved into the files."""
    from bot.loading import read_pack
    from content import overlay
    from storage.records import records

    with _database() as database:
        kept = {name: str(value) for name, value in database.read_now(records).items()}
    print(overlay.export(read_pack(_settings().country), kept), end="")


@texts_app.command("update")
def update_texts() -> None:
    """Bring the translators' files up to today's English, and what CLDR says to what Babel knows today."""
    from bot.loading import LOCALES, read_pack
    from bot.world import PICKABLE
    from content.extract import template
    from desk.languages import STAFF_LANGUAGES
    from i18n import cldr, from_babel, locales, po

    for_people = template(read_pack(_settings().country))
    for_staff = {"desk": for_people.pop("desk")}
    for path in [*po.update(LOCALES, for_people, PICKABLE), *po.update(LOCALES, for_staff, STAFF_LANGUAGES)]:
        print(path)
    for path in from_babel.update(locales.LOCALES, cldr.FILES):
        print(path)


@texts_app.command("compile")
def compile_texts() -> None:
    """Compile the translators' files and the content; installing does this too."""
    from bot.loading import LOCALES, read_pack
    from i18n import po

    print(f"{po.compile_all(LOCALES)} files compiled")
    read_pack(_settings().country)


def main() -> None:
    """The entry point of `izi`."""
    try:
        app()
    except ContentError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
