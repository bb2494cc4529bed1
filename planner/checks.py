"""The medicine files, for `manage.py check`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from planner.formulary import validate_all
from planner.shelves import folder_faults


@register
def check_medicine_files(**_: Any) -> list[CheckMessage]:
    """Those that come with the planner, and those of the data folder."""
    where = f"It stands in {settings.MEDICINE_FOLDER}."
    built_in = [Error(words, id="planner.medicine-file") for words in validate_all()]
    return [*built_in, *(Error(words, hint=where, id="planner.medicine-file") for words in folder_faults())]
