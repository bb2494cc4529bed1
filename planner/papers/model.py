"""What a paper is made from. The papers know schedules and medicines, not models or requests."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from planner.formulary import FileProduct, MedicineFile
from planner.papers.numbers import long_date
from planner.taper.schedule import Answer

PageSize = Literal["A4", "Letter"]


class PaperError(Exception):
    """A paper that cannot be made rightly: missing facts, a character or words that do not fit."""


class DoesNotFit(PaperError):
    """Words or drawings that are wider or higher than their place; another layout may hold them."""


class PaperMismatch(Exception):
    """What a printed paper says differs from the schedule. The message names the first difference."""


@dataclass(frozen=True)
class ClinicOnPaper:
    """The clinic as the patient reads it. country: ISO 3166 two letters; the rest is printed as it stands."""

    name: str
    country: str
    phone: str
    hours: str
    out_of_hours: str
    emergency: str


@dataclass(frozen=True)
class PatientOnPaper:
    name: str
    born: date
    identifier: str


@dataclass(frozen=True)
class Paper:
    """One paper to print.

    patient None: a line is left for the name. version None: not issued, and every page says so, unless unkept:
    then it is printed for use without being kept. issued: the day of issue, or of printing when unkept.
    replaces: number and date of the version that this one replaces. taken_before: keys of the products that the
    patient took by earlier papers.
    """

    answer: Answer
    medicine: MedicineFile
    clinic: ClinicOnPaper
    patient: PatientOnPaper | None = None
    version: int | None = None
    issued: date | None = None
    page_size: PageSize = "A4"
    replaces: tuple[int, date] | None = None
    unkept: bool = False
    taken_before: frozenset[str] = frozenset()

    @property
    def country(self) -> str:
        return self.clinic.country

    @property
    def not_issued(self) -> bool:
        return self.version is None and not self.unkept

    @property
    def unit(self) -> str:
        return self.answer.medicine.unit

    @property
    def products(self) -> tuple[tuple[str, FileProduct], ...]:
        """The products that the schedule takes, with their keys, in the order of the request."""
        taken = {portion.product for step in self.answer.steps for ps in step.take.values() for portion in ps}
        keys = [product.key for product in self.answer.request.all_products if product.key in taken]
        return tuple((key, self.medicine.products[key]) for key in keys)

    @property
    def stamp(self) -> str:
        """Which paper this is: version and date, or that it is none."""
        if self.not_issued:
            return "Not issued"
        day = long_date(self.issued, weekday=False) if self.issued else ""
        if self.version is None:
            return f"Printed {day}. Not kept in the clinic’s records."
        return f"Version {self.version} · {day}"


def check_paper(paper: Paper) -> None:
    """Raises PaperError for a paper that lacks something it must say."""
    answer = paper.answer
    if answer.outcome == "refused" or not answer.steps:
        raise PaperError("There is no schedule to print.")
    if not any(step.days for step in answer.steps):
        raise PaperError("The schedule has no day with a dose: there is nothing to print as a calendar.")
    if not paper.not_issued and paper.issued is None:
        raise PaperError("The date of issue is missing.")
    if paper.unkept and paper.version is not None:
        raise PaperError("A paper that is not kept has no version.")
    clinic = paper.clinic
    for what, words in (("name", clinic.name), ("phone", clinic.phone), ("emergency number", clinic.emergency)):
        if not words.strip():
            raise PaperError(f"The clinic’s {what} is missing: add it in the settings.")
    _check_steps(paper)


def _check_steps(paper: Paper) -> None:
    for step in paper.answer.steps:
        for time, dose in step.regimen.items():
            if dose and time not in step.take:
                raise PaperError(f"Step {step.number}: the {time} dose cannot be made from the products.")
        for portions in step.take.values():
            for portion in portions:
                if portion.product not in paper.medicine.products:
                    raise PaperError(f"The medicine file has no product {portion.product}.")
