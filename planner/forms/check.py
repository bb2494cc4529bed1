"""The form of a schedule that somebody made: what is typed on the page, and the request and steps that it makes."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from planner.context import context_for
from planner.forms.base import RegimenForm
from planner.forms.fields import ABOVE_ZERO, AmountField, CutField, DaysField
from planner.forms.product_text import Products, read_products
from planner.forms.reading import basis, field_of, spread
from planner.forms.schedule_steps import DatedStep, read_schedule
from planner.forms.schedule_text import LineFault, said
from planner.models import Clinic
from planner.shelves import clinic_shelf
from planner.taper import BadInput
from planner.taper.amounts import YEARS, show
from planner.taper.answer import limit_json
from planner.taper.given import UNUSED_PACE
from planner.taper.medicine import TIMES, Change, Limit, Time

BY_HAND = "by-hand"
MOST_LETTERS = 60_000  # of a schedule: 1,000 lines with a date each
UNIT_WORDS = "Give the unit in letters, as mg or micrograms."


def _box(rows: int, **kwargs: Any) -> forms.CharField:
    """Several lines; what stands at their beginning is kept."""
    look = {"rows": str(rows), "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}
    too_long = f"Give at most {MOST_LETTERS:,} letters."
    return forms.CharField(
        strip=False, required=False, max_length=MOST_LETTERS, widget=forms.Textarea(look),
        error_messages={"max_length": too_long}, **kwargs,
    )  # fmt: skip


class CheckForm(RegimenForm):
    """What the page asks. A limit left empty takes the default that holds; a medicine described by hand has none."""

    field_order = (
        "medicine", "shown_for", "products", "name", "unit", "product_lines", *TIMES, "target", "limit_cut",
        "limit_of", "limit_days", "final_dose", "max_units", "first_day", "schedule",
    )  # fmt: skip  # as on the page

    products = forms.MultipleChoiceField(label="Products", required=False)
    name = forms.CharField(label="Name", required=False, max_length=100)
    unit = forms.CharField(label="Unit of a dose", required=False, max_length=20)
    product_lines = _box(3, label="Products, one a line")
    limit_cut = CutField(label="At most", message=ABOVE_ZERO)
    limit_of = forms.ChoiceField(label="counted as", required=False)
    limit_days = DaysField(label="in any, days")
    final_dose = AmountField(label="Final dose a day: the next step is zero")
    max_units = AmountField(label="Most tablets or capsules at one time")
    first_day = forms.DateField(
        label="First day",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Give a date that exists as year-month-day, such as 2026-12-07."},
    )
    schedule = _box(12, label="Schedule")

    def __init__(self, data: QueryDict | None = None, *, clinic: Clinic) -> None:
        wanted = data.get("medicine", "") if data is not None else ""
        self.clinic, self.shelf = clinic, clinic_shelf(clinic)
        keys = self.shelf.keys
        self.by_hand = wanted == BY_HAND
        self.file = self.shelf.load(wanted if wanted in keys else self.shelf.first)
        self.engine_medicine = self.shelf.find(self.file.key)
        self.context = context_for(clinic, medicine="" if self.by_hand else self.file.key)
        self.steps: Sequence[DatedStep] = ()
        self._products: Products = {}
        super().__init__(None if data is None else self._read(data))
        self._offer(keys)

    def _read(self, data: QueryDict) -> QueryDict:
        """What was typed, with the products of another medicine dropped and the first time's numbers spread out."""
        typed = data.copy()
        if typed.get("shown_for", self.file.key) != self.file.key:
            typed.setlist("products", self.default_products)
        typed["shown_for"] = self.file.key
        return spread(typed)

    def _offer(self, keys: tuple[str, ...]) -> None:
        medicines = [(key, self.shelf.load(key).name) for key in keys]
        self.offer("medicine", [*medicines, (BY_HAND, "Another medicine, described by hand")])
        self.offer("products", [(key, product.short) for key, product in self.file.for_tapering.items()])
        bases = [("current", "% of current"), ("starting", "% of starting"), ("amount", "an amount a day")]
        self.offer("limit_of", bases)
        own = {"medicine": self.file.key, "shown_for": self.file.key, "products": self.default_products}
        self.initial = {**own, **self._held()}
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"error-{name}"

    def _held(self) -> dict[str, str]:
        """The limit that holds as placeholders, and its basis as the one chosen."""
        if self.limit is None:
            return {}
        self.fields["limit_cut"].widget.attrs["placeholder"] = show(self.limit.cut.amount)
        self.fields["limit_days"].widget.attrs["placeholder"] = str(self.limit.days)
        return {"limit_of": self.limit.cut.of or "amount"}

    @property
    def limit(self) -> Limit | None:
        """The limit that holds where none is typed: the clinic's, else the medicine's."""
        return None if self.by_hand else self.context.limit or self.engine_medicine.limit

    @property
    def typed_unit(self) -> str:
        """The unit of the doses: the medicine file's, or what was typed."""
        return str(self.cleaned_data.get("unit") or "") if self.by_hand else self.file.unit

    @property
    def shown_unit(self) -> str:
        """The unit to write beside doses as typed; empty where none is known yet."""
        return "" if self.by_hand and "unit" in self.errors else self.typed_unit

    # Checking

    def clean_first_day(self) -> date | None:
        day: date | None = self.cleaned_data["first_day"]
        if day and day.year not in YEARS:
            raise ValidationError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
        return day

    def clean_unit(self) -> str:
        unit = str(self.cleaned_data["unit"])
        if self.by_hand and not (unit.isascii() and unit.isalpha()):
            raise ValidationError(UNIT_WORDS)
        return unit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_medicine(data)
        times = self._check_times(data)
        self._check_limit(data)
        if self.typed_unit:
            self._read_schedule(data, times)
        return data

    def _check_medicine(self, data: Mapping[str, Any]) -> None:
        if not self.by_hand:
            if not data.get("products") and "products" not in self.errors:
                self.add_error("products", "Tick at least one product that the patient will use.")
            return
        if not data.get("name") and "name" not in self.errors:
            self.add_error("name", "Give the medicine’s name.")
        if self.typed_unit and "product_lines" not in self.errors:
            self._products, faults = read_products(str(data.get("product_lines")), self.typed_unit)
            if faults or not self._products:
                self._say("product_lines", said(faults) or ["Give at least one product, one a line."])

    def _check_times(self, data: Mapping[str, Any]) -> list[Time]:
        """The times at which the medicine is taken now; none where they cannot be read."""
        if any(time in self.errors for time in TIMES):
            return []
        times = [time for time in TIMES if data.get(time)]
        if not times:
            self.add_error("morning", "Give a dose above 0 at one time at least: what is taken before the first step.")
        return times

    def _check_limit(self, data: Mapping[str, Any]) -> None:
        amount, days = data.get("limit_cut"), data.get("limit_days")
        if amount is not None and data.get("limit_of") != "amount" and amount > 100:
            self.add_error("limit_cut", "Give a percentage above 0 and at most 100.")
        if self.limit is None:
            needed = {"limit_cut": ("the largest cut", amount), "limit_days": ("its days", days)}
            for name, (what, value) in needed.items():
                if value is None and name not in self.errors:
                    self.add_error(name, f"Give {what}: a medicine described by hand has no limit of its own.")
        elif amount is None and "limit_cut" not in self.errors and self._has_other_basis(data):
            self.add_error("limit_cut", "Give the cut that is counted this way.")

    def _has_other_basis(self, data: Mapping[str, Any]) -> bool:
        """Whether a basis is chosen that the limit that holds does not have: without a cut it would be passed over."""
        return data.get("limit_of") not in ("", self.initial.get("limit_of"))

    def _read_schedule(self, data: Mapping[str, Any], times: Sequence[Time]) -> None:
        if "schedule" in self.errors:
            return
        text = str(data.get("schedule", ""))
        self.steps, messages = read_schedule(text, self.typed_unit, times, data.get("first_day"))
        for name, words in messages.items():
            if name not in self.errors:
                self._say(name, words)

    def _say(self, name: str, messages: list[str]) -> None:
        self.add_error(name, messages)

    # What it makes

    def request_data(self) -> dict[str, Any]:
        """The request in its JSON form. The form must be valid."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "medicine": self._described() if self.by_hand else data["medicine"],
            "products": list(self._products) if self.by_hand else data["products"],
            "regimen": {time: show(data[time]) for time in TIMES if data[time]},
            "target": show(data["target"]),
            "start": self.steps[0].start.isoformat(),
            "pace": UNUSED_PACE,
        }
        amounts = {name: data[name] for name in ("final_dose", "max_units") if data[name] is not None}
        limit = self._typed_limit(data["limit_cut"], data["limit_days"])
        held = {} if limit is None else {"limit": limit_json(limit, self.typed_unit)}
        return found | {name: show(amount) for name, amount in amounts.items()} | held

    def _described(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "unit": self.typed_unit, "products": self._products}

    def _typed_limit(self, amount: Decimal | None, days: int | None) -> Limit | None:
        """The limit as typed, its gaps filled from the one that holds; None where nothing was typed."""
        if amount is None and days is None:
            return None
        held = self.limit
        cut = Change(amount, basis(self.cleaned_data["limit_of"])) if amount is not None else held and held.cut
        assert cut
        return Limit(cut, days or (held.days if held else 0))

    def refuse(self, bad: BadInput) -> None:
        """Says what the engine could not take at the field, and for a step at the line, where it was typed."""
        first, *rest = bad.field.split(".")
        if first == "steps" and rest:
            line = self.steps[int(rest[0])].line
            return self._say("schedule", said([LineFault(line, f"{bad.value} cannot be used. {bad.allowed}")]))
        return self.add_error(self._field_of(bad.field), bad.allowed)

    def _field_of(self, engine_field: str) -> str | None:
        first, *rest = engine_field.split(".")
        if first == "start":
            return "first_day"
        if self.by_hand and first == "products":
            return "product_lines"
        if first == "medicine":
            names = {"name": "name", "unit": "unit", "products": "product_lines"}
            return names.get(rest[0] if rest else "", "medicine")
        found = field_of(engine_field)
        return found if found in self.fields else None

    def faults(self) -> list[tuple[str, list[str]]]:
        """Field and messages of everything that is wrong, in the order of the page."""
        order = [*self.fields, "__all__"]
        found = [(name, [str(words) for words in messages]) for name, messages in self.errors.items()]
        return sorted(found, key=lambda fault: order.index(fault[0]))
