"""What is not kept in memory."""

from __future__ import annotations

from typing import NoReturn


class Forgotten(BaseException):
    """Something was asked that is not kept in memory: whoever replays must begin anew over a database.

    It is no Exception: a step or a rule that asks must not take it for an answer.
    """


class Forgetful:
    """A port of which only the methods are there that a plain workflow needs; asked for any other, it has forgotten."""

    def __getattr__(self, name: str) -> NoReturn:
        raise Forgotten(name)
