"""What a member of staff does in the topic of a request: it is looked at in their own conversation.

Who they are is the conversation of their numeric account. Who does not work here, or speaks in a topic without a
request, is not answered: to everybody else the group is silent.
"""

from __future__ import annotations

from typing import assert_never

from bot import actions
from bot.actions import Act
from bot.channels.arrivals import InTopic, TopicAct
from bot.team import StoredTeam
from bot.world import World
from desk import topics
from desk.lifecycle import Outcome
from desk.requests import Desk
from desk.topics import Answer
from desk.voice import Notice
from storage import members
from storage.members import Member
from storage.requests import RequestRow
from storage.rows import Taken

#: Buttons in the group are bound to it and not to one address: who may press is asked of who presses.
ROOM = -1


def act(desk: Desk, taken: Taken, world: World, content: InTopic) -> None:
    """Hand on what was said or pressed. What is not handed on is told to who did it, in their own chat."""
    member = members.of_chat(desk.unit, taken.conversation_id)
    row = topics.find(desk.unit, content.thread)
    if member is None or row is None:
        return
    match content.act:
        case TopicAct.ANSWER if not content.text:
            notice: Notice | None = Notice.ONLY_WORDS
        case TopicAct.ANSWER:
            said = topics.speak(desk.unit, member, row, content.text)
            notice = Notice.NOT_SENT if said is Answer.NOT_YOURS else None
        case TopicAct.UNDO:
            done = topics.undo(desk.unit, member, row)
            notice = Notice.NOT_TAKEN_BACK if done is Answer.NOT_YOURS else None
        case TopicAct.PRESS:
            notice = _press(desk, taken, world, member, row, content.text)
        case _:
            assert_never(content.act)
    if notice is not None:
        desk.voice.notice(desk.unit, taken.conversation_id, notice, str(row.number))


def _press(desk: Desk, taken: Taken, world: World, member: Member, row: RequestRow, data: str) -> Notice | None:
    action = actions.read(data, world.button_key, ROOM)
    if action is None or action.args[:1] != (str(row.number),):
        return None  # forged, or of another topic
    if action.act is Act.CLAIM:
        StoredTeam(desk, taken.standing).claim(row.number)  # the card says who has it
        return None
    if action.act is Act.CLOSE and topics.close(desk.unit, member, row, Outcome(action.args[1])) is Answer.NOT_YOURS:
        return Notice.NOT_SENT
    return None
