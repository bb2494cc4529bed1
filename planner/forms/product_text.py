"""The products of a medicine described by hand, one a line: ``tablet 10 mg, halves``, ``solution 1 mg/mL, 0.5 mL``."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from planner.forms.schedule_text import LineFault, Unreadable
from planner.taper.amounts import show

MOST_PRODUCTS = 8
MOST_LIQUIDS = 2  # a third concentration in one house is a mistake waiting, and makes a dose in too many ways
HOW = "Write a line as: tablet 10 mg, halves; or: capsule 300 mg; or: solution 1 mg/mL, 0.5 mL."
FORMS = {
    "tablet": "tablet", "tablets": "tablet", "capsule": "capsule", "capsules": "capsule", "granules": "granules",
    "solution": "solution", "suspension": "solution", "liquid": "solution",
}  # fmt: skip
DIVIDES = {"whole": 1, "whole only": 1, "halves": 2, "quarters": 4}

_AMOUNT = r"[0-9]{1,7}(?:\.[0-9]{1,8})?"
_STRENGTH = rf"(?P<strength>{_AMOUNT})\s*(?P<unit>[^\s/,0-9]{{1,20}})(?P<per>\s*/\s*(?P<volume>{_AMOUNT})?\s*ml)?"
_LINES = (
    re.compile(rf"(?P<form>[a-z]+)\s+{_STRENGTH}(?:\s*,\s*(?P<more>.+))?"),
    re.compile(rf"{_STRENGTH}\s+(?P<form>[a-z]+)(?:\s*,\s*(?P<more>.+))?"),
)
_STEP = re.compile(rf"(?:by\s+)?(?P<step>{_AMOUNT})\s*ml")

Products = dict[str, dict[str, Any]]


def read_products(text: str, unit: str) -> tuple[Products, list[LineFault]]:
    """Products in the form of a request, by key, and the lines that cannot be read. unit: the medicine's."""
    found: Products = {}
    faults: list[LineFault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or len(faults) >= MOST_PRODUCTS:
            continue
        try:
            _add(found, line, unit)
        except Unreadable as fault:
            faults.append(LineFault(number, str(fault)))
    return found, faults


def _add(found: Products, line: str, unit: str) -> None:
    key, product = read_product(line, unit)
    if key in found:
        raise Unreadable("This form and strength stands above already. Leave one of the two out.")
    if len(found) == MOST_PRODUCTS:
        raise Unreadable(f"Give at most {MOST_PRODUCTS} products: the ones that the patient will hold.")
    if product["form"] == "solution" and sum(known["form"] == "solution" for known in found.values()) == MOST_LIQUIDS:
        raise Unreadable(f"Give at most {MOST_LIQUIDS} solutions: the ones that the patient will hold.")
    found[key] = product


def read_product(line: str, unit: str) -> tuple[str, dict[str, Any]]:
    """One product and its key, as ``tablet-10``. Raises Unreadable with what is allowed."""
    text = " ".join(line.split()).casefold().lstrip("•* ").rstrip(" .;")
    match = next((match for pattern in _LINES if (match := pattern.fullmatch(text))), None)
    if match is None or match["form"] not in FORMS:
        raise Unreadable(HOW)
    if match["unit"] != unit.casefold():
        raise Unreadable(f"“{match['unit']}” is another unit than the medicine’s, {unit}. {HOW}")
    form, strength = FORMS[match["form"]], _strength(match["strength"], match["volume"] or "1")
    is_liquid = form == "solution"
    _require_per_ml(is_liquid, bool(match["per"]), unit)
    size = _step(match["more"]) if is_liquid else _divides(form, match["more"])
    return f"{form}-{strength}", {"form": form, "strength": strength, **size}


def _strength(amount: str, volume: str) -> str:
    """What one piece or one mL holds: 25 mg/5 mL is 5. Raises Unreadable for none, and for what has no end."""
    if not Decimal(amount) or not Decimal(volume):
        raise Unreadable("A strength of 0 holds nothing: give a strength above 0.")
    try:
        return show(Fraction(amount) / Fraction(volume))
    except ValueError:
        raise Unreadable(f"{amount} in {volume} mL is no plain number in each mL. Give what 1 mL holds.") from None


def _require_per_ml(is_liquid: bool, per_ml: bool, unit: str) -> None:
    if is_liquid and not per_ml:
        raise Unreadable(f"Give what is in each mL of a solution, as solution 1 {unit}/mL, 0.5 mL.")
    if per_ml and not is_liquid:
        raise Unreadable(f"Only a solution has {unit}/mL. {HOW}")


def _step(more: str | None) -> dict[str, Any]:
    match = _STEP.fullmatch(more or "")
    if match is None or not Decimal(match["step"]):
        raise Unreadable("Give the least volume that the syringe measures, above 0, as solution 1 mg/mL, 0.5 mL.")
    return {"step_ml": show(Decimal(match["step"]))}


def _divides(form: str, more: str | None) -> dict[str, Any]:
    divides = DIVIDES.get(more or "whole")
    if divides is None:
        raise Unreadable(f"“{more}” cannot be read. After the comma: whole, halves or quarters.")
    if divides > 1 and form != "tablet":
        raise Unreadable("Only a tablet can be halved or quartered. Leave out what stands after the comma.")
    return {"divides": divides}
