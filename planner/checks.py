"""The medicine files, for `manage.py check`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register

from planner.formulary import MedicineFile, validate_all
from planner.shelves import folder_now


@register
def check_medicine_files(**_: Any) -> list[CheckMessage]:
    """Those that come with the planner, and those of the data folder."""
    where = f"It stands in {settings.MEDICINE_FOLDER}."
    built_in = [Error(words, id="planner.medicine-file") for words in validate_all()]
    folder = folder_now()
    faults = [Error(words, hint=where, id="planner.medicine-file") for words in folder.faults]
    return [*built_in, *faults, *(_read(held.file) for held in folder.held.values())]


def _read(file: MedicineFile) -> Info:
    """So that a file that was passed by, for its name or its place, is missed."""
    return Info(f"Read: {file.key}.toml, version {file.version}, in order.", id="planner.medicine-file-read")
