"""Memory: the ports that a run of a plain workflow asks most, without a database, for replays of very many events.

A run that has ended is forgotten, and so is an event that was offered. What was done stays, since limits count it. They
say what the database says, or raise Forgotten; tests replay the same past over both.
"""

from antiphon.rehearsal.memory.forgotten import Forgotten
from antiphon.rehearsal.memory.store import MemoryStore

__all__ = ["Forgotten", "MemoryStore"]
