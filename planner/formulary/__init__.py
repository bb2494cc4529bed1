"""Medicines as data: one TOML file each, every figure with its source."""

from planner.formulary.engine import engine_medicine
from planner.formulary.errors import FormularyError, UnknownMedicine
from planner.formulary.inline import inline_medicine
from planner.formulary.loading import file_hash, find_medicine, load, medicine_keys, validate_all
from planner.formulary.model import Figure, MedicineFile, PatientTexts
from planner.formulary.products import FileProduct

__all__ = [
    "Figure",
    "FileProduct",
    "FormularyError",
    "MedicineFile",
    "PatientTexts",
    "UnknownMedicine",
    "engine_medicine",
    "file_hash",
    "find_medicine",
    "inline_medicine",
    "load",
    "medicine_keys",
    "validate_all",
]
