"""Branches: several walks of one run side by side, so that what they request in one round goes out as one list."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from antiphon.runtime.requests import Answer, Ended, Request, StepFailed, Walk

Ends = tuple[list[StepFailed], list[Ended]]


def side_by_side(branches: Mapping[str, Walk]) -> Generator[list[Request], list[Answer], Ends]:
    """Walk every branch to its own end, whatever becomes of the others; returns what failed and what ended the run."""
    walks = dict(branches)
    answers: dict[str, list[Answer] | None] = dict.fromkeys(walks)
    failures: list[StepFailed] = []
    ends: list[Ended] = []
    while walks:
        asked: dict[str, list[Request]] = {}
        for name, walk in list(walks.items()):
            try:
                asked[name] = next(walk) if answers[name] is None else walk.send(answers[name] or [])
            except StopIteration:
                del walks[name]
            except StepFailed as failure:
                failures.append(failure)
                del walks[name]
            except Ended as end:
                ends.append(end)
                del walks[name]
        if not asked:
            break
        left = iter((yield [request for requests in asked.values() for request in requests]))
        answers = {name: [next(left) for _ in requests] for name, requests in asked.items()}
    return failures, ends
