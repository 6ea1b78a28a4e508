"""Serve the workspace named on the command line, as `antiphon up` does."""

import sys
import threading
from pathlib import Path

from antiphon.app import Antiphon
from antiphon.orchestrator.up import up


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    app = Antiphon.open(Path(sys.argv[1]))
    up(app, on_progress=say, stop=threading.Event())
