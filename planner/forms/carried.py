"""A form whose whole input can be sent on: in an address, or as hidden fields."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString


class CarriedForm(forms.Form):
    def changed(self, changes: Mapping[str, Any] | None = None) -> QueryDict:
        """Everything typed, as the form would send it, with some fields changed; None takes a field out."""
        found = QueryDict(mutable=True)
        for name in self.fields:
            found.setlist(name, [value for value in self._sent(name) if value])
        for name, value in (changes or {}).items():
            found.setlist(name, value if isinstance(value, list) else [] if value is None else [value])
        return found

    def _sent(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict):
            return [str(value) for value in self.data.getlist(name)]
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
