"""Forms of the medicines' pages: what the list is searched by, and what of a file is signed off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

STATES = (
    ("", "Any"),
    ("waiting", "Waiting for a sign-off"),
    ("blocked", "Blocked until signed off"),
    ("signed", "Signed off"),
)


class MedicineSearchForm(forms.Form):
    q = forms.CharField(
        label="Name or code",
        required=False,
        max_length=100,
        error_messages={"max_length": "Give at most 100 characters."},
        widget=forms.TextInput({"type": "search"}),
    )
    group = forms.ChoiceField(
        label="Class", required=False, error_messages={"invalid_choice": "Choose a class from the list."}
    )
    state = forms.ChoiceField(
        label="Review",
        required=False,
        choices=STATES,
        error_messages={"invalid_choice": "Choose from the list how far the review is."},
    )

    def __init__(self, *args: Any, groups: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", "Any"), *((group, group) for group in groups)]  # type: ignore[attr-defined]

    def wanted(self) -> "Wanted":
        """Nothing where something that was asked is not known."""
        data: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        words = tuple(str(data.get("q", "")).casefold().split())
        return Wanted(words, str(data.get("group", "")), str(data.get("state", "")))


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; words in small letters, which all have to be found. Empty: anything."""

    words: tuple[str, ...]
    group: str
    state: str

    def __bool__(self) -> bool:
        return bool(self.words or self.group or self.state)


@dataclass(frozen=True)
class Ticks:
    """Items ticked on a medicine's page. digests: by path, of what that page said."""

    paths: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict) -> "Ticks":
        lines = (line.partition(" ") for line in data.get("shown", "").splitlines())
        return cls(tuple(data.getlist("tick")), {path: digest for path, _, digest in lines})

    @property
    def items(self) -> list[tuple[str, str]]:
        """Each with what the page said; an empty digest where it showed no such item."""
        return [(path, self.digests.get(path, "")) for path in self.paths]
