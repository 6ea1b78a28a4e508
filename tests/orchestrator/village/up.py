"""Serve the workspace named on the command line, as `antiphon up` does."""

import sys
import threading
from pathlib import Path

from antiphon.app import Antiphon
from antiphon.orchestrator.up import up

if __name__ == "__main__":
    app = Antiphon.open(Path(sys.argv[1]))
    up(app, on_progress=lambda line: print(line, flush=True), stop=threading.Event())
