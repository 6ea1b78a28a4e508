"""Rehearsal: a workspace on a clock that is moved, where nothing can be sent."""
