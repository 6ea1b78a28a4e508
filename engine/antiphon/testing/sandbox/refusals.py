"""What the world says no to; each dialect words these in its own network's errors."""

from __future__ import annotations


class Refusal(Exception):
    """The request was understood and will not be done; the message is for the client."""


class NotFound(Refusal):
    """There is no such record, or the reader may not see it."""

    def __init__(self, message: str = "Record not found") -> None:
        super().__init__(message)


class NotAllowed(Refusal):
    """The record is there and this account may not do that with it."""

    def __init__(self, message: str = "This action is not allowed") -> None:
        super().__init__(message)


class Invalid(Refusal):
    """The content breaks one of the network's rules."""


class Unauthorized(Refusal):
    """There is no valid token where one is needed."""

    def __init__(self, message: str = "The access token is invalid") -> None:
        super().__init__(message)


class Malformed(Refusal):
    """The request itself cannot be read."""
