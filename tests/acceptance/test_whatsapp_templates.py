"""`izi templates --sync`: what Meta decided is read and written down."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from bot.sandbox.whatsapp import WhatsAppServer
from tests.acceptance.houses import stored_in
from tests.acceptance.whatsapp_houses import VERIFY_TOKEN
from tests.bot.test_cli import izi

NAME = "izi_answer_waiting"


async def test_what_meta_decided_is_written_down_and_an_operator_reads_what_changed(tmp_path: Path) -> None:
    async with WhatsAppServer(templates=((NAME, "en"), (NAME, "ar"), (NAME, "fa"))) as server:
        server.undecided = {(NAME, "fr"): "REJECTED", (NAME, "sr"): "IN_APPEAL", ("of_others", "en"): "APPROVED"}
        env = {
            "IZI_WHATSAPP_TOKEN": server.token,
            "IZI_WHATSAPP_PHONE_NUMBER_ID": server.phone_number_id,
            "IZI_WHATSAPP_APP_SECRET": server.app_secret,
            "IZI_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "IZI_WHATSAPP_API_URL": server.base_url,
        }
        call = partial(izi, tmp_path, "templates", "--sync")
        business = {"IZI_WHATSAPP_BUSINESS_ID": "2000"}
        refused = await asyncio.to_thread(partial(call, **env))
        assert refused.returncode == 1
        assert "IZI_WHATSAPP_BUSINESS_ID" in refused.stderr
        done = await asyncio.to_thread(partial(call, **env, **business))
        assert done.returncode == 0, done.stderr
        told = [line for line in done.stdout.splitlines() if line.startswith("template.")]
        assert told == [
            "template.en is approved now",
            "template.sr_Cyrl is waiting now",
            "template.fa is approved now",
            "template.ar is approved now",
            "template.fr is rejected now",
        ]
        assert "en\tizi_answer_waiting\ten\tapproved" in done.stdout
        assert done.stdout.count("whatsapp.quality is green now") == 1
        assert "number\tgreen\t1000\t20" in done.stdout
        server.undecided[NAME, "en"] = "PAUSED"
        server.quality, server.tier = "RED", "TIER_UNLIMITED"
        again = await asyncio.to_thread(partial(call, **env, **business))
        assert "template.en is paused now" in again.stdout
        assert "template.fr" not in again.stdout, "what is known is not news"
        assert "whatsapp.quality is red now\nwhatsapp.limit is unlimited now\n" in again.stdout
        assert ("template.en", '"paused"', "meta") in stored_in(tmp_path, "SELECT name, value, author FROM record")
        wrong = await asyncio.to_thread(partial(call, **env | business | {"IZI_WHATSAPP_TOKEN": "x" * 20}))
        assert wrong.returncode == 1
        assert "Meta did not tell" in wrong.stderr
