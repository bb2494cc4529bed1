"""At which doses and paces the clinic's own tapers were held, stepped back or slowed: counts, and no patient."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.formulary import MedicineFile
from planner.learning import BAND, MOST_BAND, Bands, Counted, by_dose, by_tenth, total, width_for
from planner.models import Clinic, LearnedCut, LearnedCutQuerySet, User
from planner.papers.numbers import dose as write_dose
from planner.services import note_exported
from planner.shelves import file_behind
from planner.taper.amounts import show
from planner.views.csv_lines import csv_lines, csv_response
from planner.views.shared import person

FEW = 10  # cuts below which a share says nothing
HEADINGS = (
    "medicine", "dose from above", "dose up to", "counted in", "pace from above, percent of the dose a week",
    "pace up to", "cuts", "held", "stepped back", "slowed down",
)  # fmt: skip
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Cell:
    """After how many of so many cuts something was decided. share: in percent, None for a number too small."""

    times: int
    cuts: int

    @property
    def share(self) -> int | None:
        return None if self.cuts < FEW else (200 * self.times + self.cuts) // (2 * self.cuts)


@dataclass(frozen=True)
class Line:
    dose: str
    pace: str
    cuts: int
    cells: tuple[Cell, ...]


@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    clinic = person(request).clinic
    taken = _taken(person(request))
    medicines = [(key, file_behind(clinic, key), cuts) for key, cuts in taken.by_medicine()]
    most = max(medicines, key=lambda row: row[2], default=None)
    shown = next((row for row in medicines if row[0] == request.GET.get("medicine")), most)
    page: dict[str, Any] = {"medicines": medicines, "few": FEW}
    if shown:
        key, file, _ = shown
        page |= {"key": key, "file": file} | _tables(clinic, file, list(taken.filter(medicine=key).counted()))
    return render(request, "learning/learning.html", page)


@require_safe
def learning_csv(request: HttpRequest) -> HttpResponseBase:
    """All medicines, by tenths of the starting dose and by the dose."""
    by = person(request)
    rows: dict[str, list[Any]] = {}
    for row in _taken(by).counted():
        rows.setdefault(row["medicine"], []).append(row)
    note_exported(by=by, target=by.clinic, what="learning")
    lines = (line for key, of_it in rows.items() for line in _csv_rows(key, file_behind(by.clinic, key), of_it))
    return csv_response("held-and-stepped-back.csv", csv_lines(HEADINGS, lines))


def _taken(user: User) -> LearnedCutQuerySet:
    own: LearnedCutQuerySet = LearnedCut.for_user(user)
    return own.taken(timezone.localdate())


def _tables(clinic: Clinic, file: MedicineFile | None, rows: list[Any]) -> dict[str, Any]:
    width = width_for(rows[0]["daily"])  # the highest dose stands first
    tenths, doses = by_tenth(rows), by_dose(rows, width)

    def tenth_words(band: int) -> str:
        return f"{10 * (band - 1)} to {10 * band} %" if band > 1 else "up to 10 %"

    def dose_words(band: int) -> str:
        low, high = width * (band - 1), width * band
        unit = file.unit if file else ""
        upper = write_dose(high, unit, clinic.country) if unit else show(high)
        return f"{show(low)} to {upper}" if low else f"up to {upper}"

    return {
        "whole": _line("All", "", total(tenths)),
        "tenths": _lines(tenths, tenth_words),
        "doses": _lines(doses, dose_words),
    }


def _lines(bands: Bands, words: Callable[[int], str]) -> list[Line]:
    return [_line(words(band), pace_words(pace), counted) for (band, pace), counted in bands.items()]


def _line(dose: str, pace: str, counted: Counted) -> Line:
    after = (counted.held, counted.stepped_back, counted.slowed)
    return Line(dose, pace, counted.cuts, tuple(Cell(times, counted.cuts) for times in after))


def pace_words(band: int) -> str:
    """A band of paces, in percent of the dose before the cut a week."""
    if band == MOST_BAND:
        return f"over {BAND * (band - 1)} %"
    return f"{BAND * (band - 1)} to {BAND * band} %" if band > 1 else f"up to {BAND} %"


def _csv_rows(key: str, file: MedicineFile | None, rows: list[Any]) -> Iterable[tuple[Any, ...]]:
    width = width_for(rows[0]["daily"])
    unit = file.unit if file else ""
    for bands, size, counted_in in (
        (by_tenth(rows), Decimal(10), "percent of the starting dose"),
        (by_dose(rows, width), width, f"{unit} a day"),
    ):
        for (band, pace), counted in bands.items():
            pace_to = "" if pace == MOST_BAND else BAND * pace
            yield (
                key, show(size * (band - 1)), show(size * band), counted_in, BAND * (pace - 1), pace_to,
                *vars(counted).values(),
            )  # fmt: skip
