"""Where the reading of a mailbox stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last message that was read, by its number (UID), and the day on which it came.

    Numbers hold as long as the mailbox has the same `validity` (RFC 9051, 2.3.1.1): after another one they mean
    nothing, and reading goes on with what came since the day before. What is read twice then has the same id.
    """

    validity: int = 0
    uid: int = 0
    day: str = ""

    @classmethod
    def read(cls, text: str | None) -> Cursor | None:
        """The cursor of a text; None when there is none or it is of another make."""
        try:
            kept = json.loads(text or "")
            return cls(int(kept["validity"]), int(kept["uid"]), date.fromisoformat(kept["day"]).isoformat())
        except (ValueError, KeyError, TypeError):
            return None

    def write(self) -> str:
        """The text of the cursor."""
        return json.dumps({"validity": self.validity, "uid": self.uid, "day": self.day}, separators=(",", ":"))
