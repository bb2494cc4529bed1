"""A kept answer's steps and supply, ready for tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from planner.formulary import FileProduct
from planner.taper.medicine import TIMES
from planner.taper.schedule import Portion

Json = Mapping[str, Any]
Products = Mapping[str, FileProduct]
Taken = tuple[Portion, FileProduct | None]  # None: the medicine file has lost the product since


@dataclass(frozen=True)
class StepRow:
    """A step as its table row shows it. doses: time, amount and what is taken."""

    number: int
    start: date
    end: date | None
    shows_year: bool
    daily: Decimal
    doses: list[tuple[str, Decimal, list[Taken]]]
    cut: Decimal
    of_current: Decimal
    of_starting: Decimal
    over_limit: bool


@dataclass(frozen=True)
class FillRow:
    start: date
    end: date
    needs: list[Taken]
    hands_out: list[Taken]


def schedule_page(answer: Json, products: Products, country: str) -> dict[str, Any]:
    """What the tables of a schedule in its JSON form need; no rows for a refused one."""
    steps = answer.get("steps", [])
    fills = answer["supply"]["fills"] if steps else []
    taken = (step["take"].get(time, ()) for step in steps for time in _times(step))
    used = list(dict.fromkeys(portion["product"] for portions in taken for portion in portions))
    return {
        "several": len(used) > 1,
        "unit": steps[0]["unit"] if steps else "",
        "country": country,
        "times": [time.capitalize() for time in _times(steps[0])] if steps else [],
        "rows": [_row(step, before, products) for step, before in zip(steps, [None, *steps], strict=False)],
        "fills": [_fill(fill, used, products) for fill in fills],
    }


def _row(step: Json, before: Json | None, products: Products) -> StepRow:
    start = date.fromisoformat(step["start"])
    return StepRow(
        number=step["number"],
        start=start,
        shows_year=before is None or date.fromisoformat(before["start"]).year != start.year,
        end=date.fromisoformat(step["end"]) if step["end"] else None,
        daily=Decimal(step["daily"]),
        doses=[_dose(time, step, products) for time in _times(step)],
        cut=Decimal(step["cut"]),
        of_current=Decimal(step["cut_of_current"]),
        of_starting=Decimal(step["cut_of_starting"]),
        over_limit=step["over_limit"],
    )


def _times(step: Json) -> list[str]:
    """In the order of the day: PostgreSQL keeps JSON without the order of its keys."""
    return [time for time in TIMES if time in step["regimen"]]


def _dose(time: str, step: Json, products: Products) -> tuple[str, Decimal, list[Taken]]:
    return time.capitalize(), Decimal(step["regimen"][time]), _taken(step["take"].get(time, []), products)


def _fill(fill: Json, used: list[str], products: Products) -> FillRow:
    return FillRow(
        start=date.fromisoformat(fill["start"]),
        end=date.fromisoformat(fill["end"]),
        needs=[_of(key, fill["units"][key], products) for key in used if key in fill["units"]],
        hands_out=[_of(key, fill["dispense"][key], products) for key in used if key in fill["dispense"]],
    )


def _taken(portions: list[dict[str, str]], products: Products) -> list[Taken]:
    return [_of(portion["product"], portion["units"], products) for portion in portions]


def _of(key: str, units: str, products: Products) -> Taken:
    return Portion(key, Decimal(units)), products.get(key)
