"""Medicines as data: one TOML file each, every figure with its source."""

from planner.formulary.engine import engine_medicine
from planner.formulary.errors import FormularyError, UnknownMedicine
from planner.formulary.folder import Contents, Folder
from planner.formulary.inline import inline_medicine
from planner.formulary.model import Figure, MedicineFile, PatientTexts
from planner.formulary.products import FileProduct
from planner.formulary.shelf import (
    Shelf,
    Shelved,
    built_in,
    file_hash,
    find_medicine,
    load,
    medicine_keys,
    validate_all,
)

__all__ = [
    "Contents",
    "Figure",
    "FileProduct",
    "Folder",
    "FormularyError",
    "MedicineFile",
    "PatientTexts",
    "Shelf",
    "Shelved",
    "UnknownMedicine",
    "built_in",
    "engine_medicine",
    "file_hash",
    "find_medicine",
    "inline_medicine",
    "load",
    "medicine_keys",
    "validate_all",
]
