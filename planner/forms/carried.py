"""A form whose whole input can be sent on: in an address, or as hidden fields."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from planner.forms.edit_texts import MOST_EDITS, EditsField, is_readable

MOST_TYPED = 30  # bytes, unless a field says more: the whole has to fit in an address


class CarriedForm(forms.Form):
    def changed(self, changes: Mapping[str, Any] | None = None) -> QueryDict:
        """Everything typed, as the form would send it, with some fields changed; None takes a field out."""
        found = QueryDict(mutable=True)
        for name in self.fields:
            most = getattr(self.fields[name], "most_letters", MOST_TYPED)
            found.setlist(name, [_cut(value, most) for value in self._sent(name) if value.strip()])
        for name, value in (changes or {}).items():
            found.setlist(name, value if isinstance(value, list) else [] if value is None else [value])
        return found

    def _sent(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict):
            return _counting(self.fields[name], [str(value) for value in self.data.getlist(name)])
        value = self.get_initial_for_field(self.fields[name], name)
        return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value is not None else []

    def hidden(self, changes: Mapping[str, Any] | None = None) -> SafeString:
        """Everything typed as hidden fields, with some changed, for sending it on by POST."""
        pairs = [(name, value) for name, values in self.changed(changes).lists() for value in values]
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)

    @property
    def hidden_fields_html(self) -> SafeString:
        """Everything typed as hidden fields."""
        return self.hidden()


def _counting(field: forms.Field, values: list[str]) -> list[str]:
    """The values that count: every known choice, with the first unknown one; of a field with one value the last."""
    if isinstance(field, EditsField):
        unreadable = [value for value in values if not is_readable(value)]
        return [*[value for value in values if is_readable(value)][: MOST_EDITS + 1], *unreadable[:1]]
    if not isinstance(field, forms.MultipleChoiceField):
        return values[-1:]
    known = [value for value in dict.fromkeys(values) if field.valid_value(value)]
    return [*known, *[value for value in values if value not in known][:1]]


def _cut(value: str, most: int) -> str:
    """A value that is too long is cut, and stays wrong by the mark at its end."""
    text = value.strip()
    whole = text.encode()
    return text if len(whole) <= most else f"{whole[:most].decode(errors='ignore')}…"
