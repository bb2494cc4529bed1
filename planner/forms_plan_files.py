"""Forms for a plan that comes in or leaves as a file."""

import base64
import binascii
import zlib
from typing import Any

from django import forms
from django.conf import settings

from planner.plan_files import MOST_BYTES, Chosen

CHOOSE = "Choose the file of a plan (JSON) on this device."
TOO_LARGE = f"The file is larger than {MOST_BYTES // 1000} KB. A plan has at most that."
MOST_PACKED = 600_000  # letters; more would not be taken in when it is sent back


class ExportForm(forms.Form):
    """What the file holds beside the schedules."""

    patient = forms.BooleanField(label="With the patient’s name, date of birth and identifier", required=False)
    notes = forms.BooleanField(
        label="With what was typed at check-ins, of doses taken otherwise and at the end", required=False
    )

    def chosen(self) -> Chosen:
        return Chosen(**self.cleaned_data)


class PlanFileForm(forms.Form):
    """The file as it is chosen. body_length: bytes of what was sent; a file too large is never taken in."""

    file = forms.FileField(
        label="File of a plan",
        help_text=f"A JSON file of at most {MOST_BYTES // 1000} KB. It is checked first, and nothing is kept yet.",
        widget=forms.FileInput({"accept": ".json,application/json"}),
        error_messages={"empty": "The file is empty. Choose the file of a plan.", "invalid": CHOOSE},
    )

    def __init__(self, *args: Any, body_length: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        too_large = body_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        self.fields["file"].error_messages["required"] = TOO_LARGE if too_large else CHOOSE


class BroughtForm(forms.Form):
    """The same file as its preview sends it back, and whether findings may stay without a reason for now."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=MOST_PACKED)
    keep_open = forms.BooleanField(
        label="Bring it in with reasons still missing",
        help_text="Today then asks for them until they are given.",
        required=False,
    )

    def clean_content(self) -> bytes:
        try:
            packed = base64.b64decode(self.cleaned_data["content"], validate=True)
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(packed, MOST_BYTES + 1)
        except (binascii.Error, ValueError, zlib.error) as error:
            raise forms.ValidationError(CHOOSE) from error
        if not data or len(data) > MOST_BYTES:
            raise forms.ValidationError(CHOOSE)
        return data


def packed(data: bytes) -> str:
    """A file's bytes for a hidden field. Raises ValueError where they stay too many to be sent back."""
    text = base64.b64encode(zlib.compress(data, 9)).decode()
    if len(text) > MOST_PACKED:
        raise ValueError(TOO_LARGE)
    return text
