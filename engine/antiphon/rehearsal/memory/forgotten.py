"""What is not kept in memory."""


class Forgotten(BaseException):
    """Something was asked that is not kept in memory: whoever replays must begin anew over a database.

    It is no Exception: a step or a rule that asks must not take it for an answer.
    """
