"""What can be wrong with a medicine file."""

from collections.abc import Sequence


class FormularyError(Exception):
    """A medicine file that cannot be used. messages: one for each fault, naming file and key."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(self.messages))


class UnknownMedicine(KeyError):
    """No medicine file has this key. known: the keys there are."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        self.key, self.known = key, tuple(known)
        super().__init__(key)

    def __str__(self) -> str:
        return f"There is no medicine file {self.key!r}. Known: {', '.join(self.known)}."
