"""Webhooks that go out: signed, and so that a receiver can tell a repetition."""
