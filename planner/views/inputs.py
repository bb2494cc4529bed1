"""What the planner's inputs say of themselves: products, factors, the defaults that hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planner.forms import CheckForm, PlannerForm
from planner.papers.numbers import number
from planner.taper.medicine import TIMES, Change, Factor, Limit, Phase, Source
from planner.taper.words import days_words

HEADINGS = (
    "With these nothing is planned here",
    "A specialist directs it, and is named",
    "A reason is asked for",
    "Go slower",
    "To know",
)
USUAL: tuple[object, ...] = (None, "", [], "even")  # what stands in a field that nobody touched
ADVANCED = ("final_dose", "max_units", "fill_days", "first_lowered", "change_on", "shape")


def about_inputs(form: PlannerForm) -> dict[str, Any]:
    """For the template of the inputs."""
    daily, of = form.daily(), (form.file.unit, form.clinic.country)
    return {
        **products_offered(form),
        **_factors(form),
        "time_fields": [form[time] for time in TIMES],
        "daily": daily,
        "daily_sum": sum(daily.values(), Decimal(0)) if daily else None,
        "held_pace": pace_words(form.pace or (), *of),
        "held_limit": limit_words(form.limit, *of),
        "ceiling": limit_words(form.engine_medicine.ceiling, *of),
        "published": _published(form),
        "kept_out": _kept_out(form),
        "advanced_open": any(form[name].value() not in USUAL or name in form.errors for name in ADVANCED),
    }


def products_offered(form: PlannerForm | CheckForm) -> dict[str, Any]:
    """Those sold where the clinic is, and those that are ticked; the others apart."""
    items, home = form.file.for_tapering, form.clinic.country
    ticked = form["products"].value() or []
    sold = {key for key, product in form.file.products_in(home).items() if not product.discontinued}
    near = [key for key in items if key in sold or key in ticked]
    far = [key for key in items if key not in near]
    return {
        "products_near": [(place, key, items[key], key in ticked) for place, key in enumerate(near)],
        "products_far": [(place, key, items[key], False) for place, key in enumerate(far, start=len(near))],
    }


@dataclass(frozen=True)
class Sourced:
    """What the medicine file says beside the inputs: of what, in words, and where from."""

    title: str
    words: str
    source: Source


def _published(form: PlannerForm) -> list[Sourced]:
    """The published paces."""
    paces, unit = form.file.paces.values(), form.file.unit
    return [Sourced(pace.title, pace.text(unit), form.file.source_of(pace)) for pace in paces]


def _kept_out(form: PlannerForm) -> list[Sourced]:
    """The forms of the medicine that are not planned with, and why."""
    barred = [(product.label, product.not_for_tapering) for product in form.file.products.values()]
    apart = [(kept.about, kept) for kept in form.file.kept_apart]
    return [Sourced(title, why.says, form.file.source_of(why)) for title, why in (*barred, *apart) if why]


def _factors(form: PlannerForm) -> dict[str, Any]:
    """The factors under headings that say what they do, those with which nothing is planned first."""
    ticked = form["factors"].value() or []
    factors = form.engine_medicine.factors
    ordered = [(heading, factor) for heading in HEADINGS for factor in factors if _heading(factor) == heading]
    groups: dict[str, list[tuple[int, Factor, bool]]] = {}
    for place, (heading, factor) in enumerate(ordered):
        groups.setdefault(heading, []).append((place, factor, factor.key in ticked))
    wrong = any(name in form.errors for name in ("factors", "factors_asked"))
    return {
        "factor_groups": list(groups.items()),
        "factors_open": bool(ticked) or wrong,
        "factors_said": _factors_said(form, ticked, factors),
    }


def _heading(factor: Factor) -> str:
    """One of HEADINGS."""
    if factor.severity == "refuse":
        return HEADINGS[0]
    if factor.specialist:
        return HEADINGS[1]
    if factor.severity == "acknowledge":
        return HEADINGS[2]
    return HEADINGS[3] if factor.pace or factor.limit else HEADINGS[4]


def _factors_said(form: PlannerForm, ticked: Sequence[str], factors: Sequence[Factor]) -> str:
    if ticked:
        return f"{len(ticked)} of {len(factors)}"
    return "asked, none apply" if form["factors_asked"].value() else "not asked yet"


def pace_words(pace: Sequence[Phase], unit: str, country: str) -> str:
    """A pace in words, as "10 mg every 7 days down to 30 mg, then 5 mg every 7 days"."""
    return ", then ".join(
        f"{cut_words(phase.cut, unit, country)} every {days_words(phase.every)}{_down_to(phase, unit, country)}"
        for phase in pace
    )


def _down_to(phase: Phase, unit: str, country: str) -> str:
    if phase.share is not None:
        return f" down to {number(phase.share, country)} % of the starting dose"
    return f" down to {number(phase.down_to, country)} {unit}" if phase.down_to is not None else ""


def limit_words(limit: Limit | None, unit: str, country: str) -> str:
    """A limit in words, as "20 % of the current dose in 7 days"; empty where there is none."""
    return f"{cut_words(limit.cut, unit, country)} in {days_words(limit.days)}" if limit else ""


def cut_words(cut: Change, unit: str, country: str) -> str:
    """A cut in words, as "20 % of the current dose"."""
    amount = number(cut.amount, country)
    return f"{amount} % of the {cut.of} dose" if cut.of else f"{amount} {unit}"
