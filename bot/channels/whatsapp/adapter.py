"""WhatsApp as a Channel: one number, and what to do with each of its answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from bot.channels.base import Abilities, Refused, SendError, Sent
from bot.channels.outgoing import Outgoing
from bot.channels.whatsapp import codes, render
from bot.channels.whatsapp.api import Calls
from bot.channels.whatsapp.codes import PAIR_RATE, Refusal, Trouble, translate
from bot.channels.whatsapp.parse import SCHEME
from bot.logs import log

PAIR_SECONDS = 6.0  # the shortest pause after 131056; doubled each time it comes again
LONGEST_PAUSE = 96.0
MOST_PAUSES = 1000  # people who are remembered at once
JSON_TYPE, TEXT_TYPE = "application/json", "text/plain"  # WhatsApp takes no JSON files; as text they are the same


class WhatsApp:
    """Sends through one number. say: a text by language and key. troubles: what stops sending for everybody."""

    scheme = SCHEME
    abilities = Abilities(paced=True, tells=True)

    def __init__(self, api: Calls, say: Callable[[str, str], str]) -> None:
        self.troubles: frozenset[Trouble] = frozenset()
        self._api = api
        self._say = say
        self._pauses: OrderedDict[str, float] = OrderedDict()

    async def send(self, opaque_id: str, out: Outgoing) -> Sent:
        """See Channel.send. WhatsApp changes no message, so an edit is a new one."""
        if out.leaves:
            return Sent()
        try:
            wamid = await self._api.send(await self._message(opaque_id, out))
        except Refusal as refusal:
            raise self._translated(refusal, opaque_id) from None
        self._pauses.pop(opaque_id, None)
        self.troubles -= {Trouble.TOKEN, Trouble.ACCOUNT} if out.template is None else set(Trouble)
        return Sent(wamid)

    async def clear(self, opaque_id: str, message_ids: Sequence[str]) -> None:
        """See Channel.clear. WhatsApp lets nobody delete for the other side, which people are told."""

    async def fetch(self, ref: str, limit: int) -> bytes:
        """See Channel.fetch."""
        try:
            return await self._api.download(ref, limit)
        except Refusal as refusal:
            if codes.trouble(refusal.code) is None and refusal.code not in codes.TOO_FAST | codes.LATER | codes.UNKNOWN:
                raise Refused(f"file_{refusal.code}", ours=False) from None
            raise self._translated(refusal, ref) from None

    async def _message(self, opaque_id: str, out: Outgoing) -> render.Json:
        said = partial(self._say, out.locale)
        if out.template is not None:
            what = render.template(out.template)
        elif out.document is not None:
            type, _, _ = out.document.type.partition(";")
            paper = replace(out.document, type=TEXT_TYPE if type == JSON_TYPE else type)
            what = render.file(out, await self._api.upload(paper), paper)
        elif out.place is not None:
            what = render.place(out.place)
        else:
            what = render.message(out, said)
        mark = {"biz_opaque_callback_data": out.mark} if out.mark else {}
        return render.recipient(opaque_id) | mark | what

    def _translated(self, refusal: Refusal, opaque_id: str) -> SendError:
        if (trouble := codes.trouble(refusal.code)) is not None:
            log.error("whatsapp_trouble", kind=trouble, code=refusal.code)
            self.troubles |= {trouble}
        return translate(refusal, self._pause(opaque_id) if refusal.code == PAIR_RATE else PAIR_SECONDS)

    def _pause(self, opaque_id: str) -> float:
        """Seconds that this person's messages pause: longer each time."""
        pause = min(2 * self._pauses.pop(opaque_id, PAIR_SECONDS / 2), LONGEST_PAUSE)
        self._pauses[opaque_id] = pause
        if len(self._pauses) > MOST_PAUSES:
            self._pauses.popitem(last=False)
        return pause
