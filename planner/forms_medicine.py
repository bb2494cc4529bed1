"""The form for a clinic's own medicine file."""

import base64
import binascii
from typing import Any

from django import forms
from django.conf import settings

from planner.formulary.loading import MOST_BYTES

CHOOSE = "Choose a medicine file (TOML) on this device."
TOO_LARGE = f"The file is larger than {MOST_BYTES // 1000} KB. A medicine file has at most that."
EMPTY = "The file is empty. Choose a medicine file (TOML)."
MOST_NAME = 255


class MedicineFileForm(forms.Form):
    """The file as it is chosen. body_length: bytes of what was sent; a file too large is never taken in."""

    file = forms.FileField(
        label="Medicine file",
        help_text=f"A TOML file of at most {MOST_BYTES // 1000} KB. It is checked first, and nothing is kept yet.",
        widget=forms.FileInput({"accept": ".toml"}),
        error_messages={"empty": EMPTY, "invalid": CHOOSE},
    )

    def __init__(self, *args: Any, body_length: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        too_large = body_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        self.fields["file"].error_messages["required"] = TOO_LARGE if too_large else CHOOSE


class KeepForm(forms.Form):
    """The same file as its preview sends it back."""

    name = forms.CharField(max_length=MOST_NAME, widget=forms.HiddenInput)
    content = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def holding(name: str, data: bytes) -> "KeepForm":
        return KeepForm(initial={"name": name, "content": base64.b64encode(data).decode()})

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(CHOOSE) from error
