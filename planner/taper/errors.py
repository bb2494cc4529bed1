"""The engine's one family of errors."""

MOST_SHOWN = 80  # letters of a bad value that are shown again


class TaperError(Exception):
    """Any reason why the engine gives no schedule."""


class BadInput(TaperError):
    """A value that the engine cannot take.

    field: dotted path in the request, as ``pace.0.cut``; value: what was given, as text;
    allowed: a sentence that says what is allowed or possible instead.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field, self.value, self.allowed = field, "" if value is None else str(value)[:MOST_SHOWN], allowed
        fault = "missing." if value is None else f"{self.value!r} cannot be used."
        super().__init__(f"{field}: {fault} {allowed}")


class Stuck(TaperError):
    """No schedule keeps the rules that were asked for.

    at: the daily dose, in the medicine's unit, below which it cannot go on; message: why.
    """

    def __init__(self, at: str, message: str) -> None:
        self.at, self.message = at, message
        super().__init__(message)
