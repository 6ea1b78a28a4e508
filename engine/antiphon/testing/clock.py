"""A clock that stands still until it is moved: three weeks pass in no time."""

from antiphon.components.clock import VirtualClock

__all__ = ["VirtualClock"]
