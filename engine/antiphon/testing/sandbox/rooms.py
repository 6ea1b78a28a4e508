"""Rooms and what is said in them, without a word of HTTP or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from antiphon.testing.sandbox.bodies import File
from antiphon.testing.sandbox.records import Account

if TYPE_CHECKING:
    from antiphon.testing.sandbox.world import World

FIRST = "general"
"""The room that is always there."""


@dataclass(eq=False)
class Room:
    """Where messages stand: a channel or group, or the talk of one person with whoever writes to them."""

    number: int
    name: str = FIRST
    private: bool = False
    banned: set[str] = field(default_factory=set)
    """The ids of the accounts that were put out of it."""
    messages: list[Message] = field(default_factory=list, repr=False)

    def keeps_out(self, account: Account) -> bool:
        """Whether an account was put out of the room."""
        return account.id in self.banned


@dataclass(eq=False)
class Message:
    """`number` counts in its room, `sequence` everywhere. `pinged` are those whom it called: people, or `everyone`."""

    number: int
    sequence: int
    room: Room = field(repr=False)
    author: Account
    text: str
    at: datetime
    answers: Message | None = field(default=None, repr=False)
    edited_at: datetime | None = None
    nonce: str = ""
    files: tuple[File, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    pinged: tuple[str, ...] = ()


class Rooms:
    """All rooms of a world; one is always there. Every method may be called from any thread."""

    def __init__(self, world: World) -> None:
        self.lock = RLock()
        self._world = world
        self._rooms = [Room(1, FIRST)]
        self._numbers: dict[str, int] = {}
        self._said = 0
        self.read_up_to: dict[str, int] = {}
        """Of each account, the sequence up to which it has confirmed what it was told (Telegram's `offset`)."""

    def room(self, name: str, *, private: bool = False) -> Room:
        """The room of this name, made if it is new."""
        with self.lock:
            if found := next((room for room in self._rooms if room.name == name), None):
                return found
            self._rooms.append(Room(len(self._rooms) + 1, name, private))
            return self._rooms[-1]

    def numbered(self, number: int) -> Room | None:
        """The room with this number."""
        return self._rooms[number - 1] if 0 < number <= len(self._rooms) else None

    def number_of(self, account: Account) -> int:
        """A small number for an account, always the same."""
        with self.lock:
            return self._numbers.setdefault(account.id, len(self._numbers) + 1)

    def account(self, number: int) -> Account | None:
        """The account with this number."""
        found = next((identifier for identifier, known in self._numbers.items() if known == number), "")
        return self._world.accounts.get(found)

    def say(self, by: str | Account, room: Room, text: str, answers: Message | None = None, **more: Any) -> Message:
        """Let somebody (made if new) say something in a room."""
        author = self._world.account(by) if isinstance(by, str) else by
        with self.lock:
            self._said += 1
            number = room.messages[-1].number + 1 if room.messages else 1
            message = Message(number, self._said, room, author, text, self._world.clock.now(), answers, **more)
            room.messages.append(message)
            return message

    def edit(self, message: Message, text: str, **more: Any) -> None:
        """Let a message say something else."""
        with self.lock:
            message.text, message.edited_at = text, self._world.clock.now()
            for name, value in more.items():
                setattr(message, name, value)

    def delete(self, message: Message) -> None:
        """Take a message away; what answers it stays."""
        with self.lock:
            message.room.messages.remove(message)

    def heard_by(self, account: Account) -> list[Message]:
        """What others said in the rooms that an account is in, and what it has not confirmed, oldest first."""
        after = self.read_up_to.get(account.id, 0)
        open_rooms = [room for room in self._rooms if not room.keeps_out(account)]
        heard = [message for room in open_rooms for message in room.messages if message.author is not account]
        return sorted((message for message in heard if message.sequence > after), key=lambda message: message.sequence)
