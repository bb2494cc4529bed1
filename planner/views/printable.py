"""Whether what is typed about a clinic can stand on a calendar: tried before it is saved."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from django.forms import Form
from django.utils import timezone

from planner.forms_clinic import ClinicForm
from planner.formulary import Shelved, built_in
from planner.models import Clinic
from planner.papers import ClinicOnPaper, Paper, PaperError, calendar_pdf
from planner.papers.fonts import drawable
from planner.papers.model import PageSize
from planner.taper import Answer, BadInput, parse_request, propose
from planner.taper.amounts import show

SIZES: tuple[PageSize, ...] = ("A4", "Letter")
PRINTED = {"clinic_name": "name", "phone": "phone", "hours": "hours", "out_of_hours": "out_of_hours",
           "emergency": "emergency"}  # fmt: skip
DOES_NOT_FIT = "This does not fit on the calendar. Write it shorter, or with spaces between the words."


def is_printable(form: ClinicForm) -> bool:
    """Whether a valid form's details can be drawn and fit on a calendar; else the messages stand at its fields."""
    data = form.cleaned_data
    if not is_drawable(form, [name for name in ("name", *PRINTED) if name in data]):
        return False
    clinic = ClinicOnPaper(**{own: data[name] for name, own in PRINTED.items()}, country=data["country"])
    if _fits(clinic):
        return True
    short = replace(clinic, name="Clinic", phone="1", hours="8 to 6", out_of_hours="1", emergency="1")
    alone = {name: replace(short, **{own: getattr(clinic, own)}) for name, own in PRINTED.items()}
    wrong = [name for name, one in alone.items() if not _fits(one)]
    for field in wrong or PRINTED:  # each fits by itself, and all together do not
        form.add_error(field, DOES_NOT_FIT)
    return False


def is_drawable(form: Form, names: Iterable[str]) -> bool:
    """Whether the font can draw what was typed, in one line; else the messages stand at the fields."""
    wrong = {name: words for name in names if (words := _not_drawable(form.cleaned_data[name]))}
    for name, words in wrong.items():
        form.add_error(name, words)
    return not wrong


def _not_drawable(text: str) -> str:
    """What is wrong with a text; empty where nothing is."""
    if len(text.splitlines()) > 1:
        return "Write this in one line."
    try:
        drawable(text)
    except PaperError as error:
        return f"{error} Write it in letters that it has: Latin, Greek or Cyrillic."
    return ""


def _fits(clinic: ClinicOnPaper) -> bool:
    """Whether calendars with these details can be drawn on every size of paper."""
    try:
        _draw(_any_sample(), _any_medicine(), clinic)
    except PaperError:
        return False
    return True


def calendar_fault(medicine: Shelved, clinic: Clinic) -> str:
    """What keeps a medicine's words from standing on this clinic's calendar; empty where nothing does."""
    details = {own: getattr(clinic, own) for own in PRINTED.values()}
    try:
        answer = _sample(medicine)
        if any(step.days for step in answer.steps):
            _draw(answer, medicine, ClinicOnPaper(**details, country=clinic.country))
    except (BadInput, PaperError) as error:
        return f"A trial of its calendar failed. {error}"
    return ""


def _draw(answer: Answer, medicine: Shelved, clinic: ClinicOnPaper) -> None:
    """Draws a calendar on every size of paper. Raises PaperError."""
    for size in SIZES:
        calendar_pdf(Paper(answer, medicine.file, clinic, version=1, issued=timezone.localdate(), page_size=size))


def _any_medicine() -> Shelved:
    """A medicine that every install has: the clinic's own details do not depend on it."""
    shelf = built_in()
    return shelf.take(shelf.first)


@cache
def _any_sample() -> Answer:
    return _sample(_any_medicine())


def _sample(medicine: Shelved) -> Answer:
    """A short taper: two of the first usual product, to stop. Raises BadInput."""
    known = medicine.medicine
    dose = 2 * known.products[known.default_products[0]].strength
    data = {"medicine": known.key, "regimen": {"morning": show(dose)}, "target": "0", "start": "2027-01-04"}
    return propose(parse_request(data, lambda _: known, lambda _: known))
