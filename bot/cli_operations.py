"""Commands of operators and authors: what did not get through, and a guide as a picture."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli_common import database, fail, settings

if TYPE_CHECKING:
    from bot.settings import Settings
    from content.tables import Templates
    from storage.db import Database

letters_app = typer.Typer(
    help="What could not be handled or sent: by id, reason and age, never a text.", invoke_without_command=True
)


@letters_app.callback()
def letters(context: typer.Context) -> None:
    """List what waits for a decision, newest first: id, kind, reason, age in hours."""
    if context.invoked_subcommand is not None:
        return
    from storage.letters import dead_letters

    with database() as opened:
        for letter in opened.read_now(dead_letters):
            hours = (opened.now() - letter.at).total_seconds() / 3600
            print("\t".join((letter.id, letter.kind, letter.reason or "", f"{hours:.1f}")))


@letters_app.command("retry")
def retry_letter(id: Annotated[str, typer.Argument(help="For instance in-12 or out-34.")]) -> None:
    """Handle it, or send it, once more. A message that may have arrived may then arrive twice."""
    from storage.letters import NoLetter, retry

    with database() as opened:
        try:
            opened.write_now(lambda unit: retry(unit, id))
        except NoLetter as error:
            fail(str(error))
    print(f"{id} is tried again")


@letters_app.command("discard")
def discard_letter(id: Annotated[str, typer.Argument(help="For instance in-12 or out-34.")]) -> None:
    """Give it up for good; what it said is blanked."""
    from storage.letters import NoLetter, discard

    with database() as opened:
        try:
            opened.write_now(lambda unit: discard(unit, id))
        except NoLetter as error:
            fail(str(error))
    print(f"{id} is discarded")


def preview(
    guide: Annotated[str, typer.Argument(help="For instance driving-licence.")],
    locale: Annotated[str, typer.Option(help="Language of the labels, for instance fa_AF.")] = "en",
    format: Annotated[Literal["mermaid", "svg"], typer.Option(help="Mermaid text, or an SVG picture.")] = "mermaid",
    output: Annotated[Path | None, typer.Option(help="File to write; else it is printed.")] = None,
) -> None:
    """Draw a guide as a picture of its steps and ways."""
    from bot.loading import build_world, read_pack
    from content.preview import chart, mermaid
    from content.preview_svg import svg
    from i18n.locales import LOCALES

    chosen = settings()
    world = build_world(chosen, read_pack(chosen.country), {}, b"preview")
    if guide not in world.library:
        fail(f"there is no guide {guide!r}; there are: {', '.join(world.library)}")
    if locale not in world.pickable:
        fail(f"{locale!r} cannot be picked; these can: {', '.join(world.pickable)}")
    drawn = chart(world.pack.guides[guide], world.catalog, locale)
    text = mermaid(drawn) if format == "mermaid" else svg(drawn, rtl=LOCALES[locale].rtl)
    if output is None:
        print(text)
    else:
        output.write_text(text, encoding="utf-8")


def templates(
    sync: Annotated[
        bool,
        typer.Option("--sync", help="First ask Meta, and write down what it decided."),
    ] = False,
) -> None:
    """List the texts that Meta approves for WhatsApp: language, its name and code at Meta, state, words.

    Before them: what Meta thinks of our number, and how many people we may write to first within 24 hours.
    """
    from bot.loading import build_world, read_pack
    from storage.records import records

    chosen = settings()
    with database() as store:
        pack = read_pack(chosen.country)
        if sync:
            _ask_meta(chosen, store, build_world(chosen, pack, store.read_now(records), b"templates").pack.templates)
        world = build_world(chosen, pack, store.read_now(records), b"templates")
    approved = world.pack.templates
    account = approved.account
    print("\t".join(("number", account.quality, account.limit, str(account.asked_on or "never asked"))))
    for key, by_language in (("answer_waiting", approved.answer_waiting), ("news", approved.news)):
        for code, given in by_language.items():
            found = world.catalog.text(code, f"bot.whatsapp.{key}")
            words = found.string if found.locale == code else "(not translated)"
            print("\t".join((code, given.name, given.code, given.state, words)))


def _ask_meta(chosen: Settings, store: Database, known: Templates) -> None:
    """Write down what Meta decided where that is news. Ends the command where Meta does not tell."""
    from bot.channels.base import SendError
    from bot.channels.whatsapp import approvals
    from bot.channels.whatsapp.client import open_session
    from bot.channels.whatsapp.codes import Refusal
    from storage.records import set_record

    if chosen.whatsapp_token is None or not chosen.whatsapp_business_id:
        fail("--sync needs the settings of WhatsApp, and IZI_WHATSAPP_BUSINESS_ID")
    token = chosen.whatsapp_token.get_secret_value()

    async def ask() -> tuple[approvals.Decisions, approvals.Standing]:
        root = chosen.whatsapp_api_url
        async with open_session(token) as http:
            decided = await approvals.decisions(http, root, chosen.whatsapp_business_id)
            return decided, await approvals.standing(http, root, chosen.whatsapp_phone_number_id)

    try:
        decided, standing = asyncio.run(ask())
    except (SendError, Refusal) as error:
        fail(f"Meta did not tell: {error}")
    told = approvals.of_number(known.account, standing, store.now().date())
    for name, value in (*approvals.records(known, decided), *told):
        store.write_now(partial(set_record, name=name, value=value, author="meta"))
        print(f"{name} is {value} now")
