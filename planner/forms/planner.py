"""The planner's form: what is typed on the page, and the request that it makes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from planner.context import context_for
from planner.forms.carried import CarriedForm
from planner.forms.fields import ABOVE_ZERO, AmountField, CutField, DaysField
from planner.forms.reading import as_querydict, basis, field_of, is_above, spread
from planner.formulary import find_medicine, inline_medicine, load, medicine_keys
from planner.models import Clinic
from planner.taper import BadInput, Request, parse_request
from planner.taper.amounts import show
from planner.taper.answer import limit_json, phase_json
from planner.taper.medicine import TIMES, Change, Limit, Phase
from planner.taper.rules_schedule import limit_words

MOST_YEARS_OFF = 5
COARSE = (("flag", "Show it and ask for a reason"), ("refuse", "Stop there and make no schedule"))
ONE_BOX = (
    "Give one number without a unit, such as 20 or 12.5, "
    "or all times here, such as 20 20 20, and leave the other boxes empty."
)
GAPS = {"pace": ("pace_cut", "pace_every"), "limit": ("limit_cut", "limit_days")}  # empty: the default
MISSING = "required"  # the code of an error that only says that something is still empty


def _time(label: str) -> AmountField:
    return AmountField(label=label, message=ONE_BOX)


class PlannerForm(CarriedForm):
    """What the page asks. Pace and limit fields left empty take the default that holds, shown as their placeholder."""

    medicine = forms.ChoiceField(label="Medicine")
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    products = forms.MultipleChoiceField(
        label="Products",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one product that the patient will use."},
    )
    morning, midday, evening, bedtime = (_time(time.capitalize()) for time in TIMES)
    target = AmountField(
        label="Target",
        initial="0",
        missing="Give the daily dose to end at: 0 to stop.",
        message="Give a plain number of at least 0, such as 10 or 12.5, or 0 to stop.",
    )
    start = forms.DateField(
        label="First lower dose",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": "Give the date of the first lower dose.",
            "invalid": "Give a date as year-month-day, such as 2026-12-07.",
        },
    )
    pace_cut = CutField(label="Cut", message=ABOVE_ZERO)
    pace_of = forms.ChoiceField(label="counted as", required=False)
    pace_every = DaysField(label="every")
    limit_cut = CutField(label="At most", message=ABOVE_ZERO)
    limit_of = forms.ChoiceField(label="counted as", required=False)
    limit_days = DaysField(label="in any")
    over_ceiling = forms.BooleanField(label="Above the ceiling for this plan", required=False)
    coarse = forms.ChoiceField(label="If no cut fits the limit", required=False)
    factors_asked = forms.BooleanField(label="Asked, none apply", required=False)
    factors = forms.MultipleChoiceField(label="Patient factors", widget=forms.CheckboxSelectMultiple, required=False)
    final_dose = AmountField(label="Final dose")
    max_units = AmountField(label="Most pieces at one time")
    fill_days = DaysField(label="Days per fill", most=365)
    first_lowered = forms.ChoiceField(label="Lowered first among equal doses", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, clinic: Clinic) -> None:
        keys = medicine_keys()
        wanted = (data or {}).get("medicine")
        self.clinic = clinic
        self.file = load(wanted if wanted in keys else keys[0])
        self.engine_medicine = find_medicine(self.file.key)
        self.context = context_for(clinic, medicine=self.file.key)
        self.is_another_medicine = False  # than the one whose products the page showed
        super().__init__(None if data is None else self._read(data))
        self._offer(keys)
        self._describe()

    def _read(self, data: Mapping[str, Any]) -> QueryDict:
        """What was typed, with the products of another medicine dropped and the first time's numbers spread out."""
        typed = data.copy() if isinstance(data, QueryDict) else as_querydict(data)
        typed.setdefault("medicine", self.file.key)
        self.is_another_medicine = typed.get("shown_for", self.file.key) != typed["medicine"]
        if self.is_another_medicine:
            typed.setlist("factors", [])
            typed.pop("factors_asked", None)
            typed.setlist("products", self.default_products)
        if "shown_for" not in typed:
            typed.setlistdefault("products", self.default_products)
            typed.setdefault("target", "0")
        typed["shown_for"] = self.file.key
        return spread(typed)

    def _offer(self, keys: tuple[str, ...]) -> None:
        unit = self.file.unit
        bases = [("current", "% of current"), ("starting", "% of starting"), ("amount", f"{unit} a day")]
        self._choices("medicine", [(key, load(key).name) for key in keys])
        self._choices("products", [(key, product.short) for key, product in self.file.products.items()])
        self._choices("coarse", list(COARSE))
        self._choices("pace_of", bases)
        self._choices("limit_of", bases)
        self._choices("factors", [(factor.key, factor.label) for factor in self.engine_medicine.factors])
        usual = self.engine_medicine.order[0].capitalize()
        self._choices("first_lowered", [("", f"{usual}, as usual"), *((time, time.capitalize()) for time in TIMES)])
        own = {"medicine": self.file.key, "shown_for": self.file.key, "products": self.default_products}
        self.initial = {**self.initial, **own}

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        names = ", ".join(words for key, words in choices if key).replace("%", "%%")  # it is a pattern
        field.error_messages["invalid_choice"] = f"Choose from: {names}."

    def _describe(self) -> None:
        """Placeholders show the default that holds; every control is tied to its help and its message."""
        if self.pace and len(self.pace) == 1:
            self._hold("pace", self.pace[0].cut, "every", self.pace[0].every)
        if self.limit:
            self._hold("limit", self.limit.cut, "days", self.limit.days)
        self.fields["fill_days"].widget.attrs["placeholder"] = "28"
        for name in self.fields:
            self.fields[name].widget.attrs["aria-describedby"] = f"error-{name}"

    def _hold(self, name: str, cut: Change, days_name: str, days: int) -> None:
        self.fields[f"{name}_cut"].widget.attrs["placeholder"] = show(cut.amount)
        self.fields[f"{name}_{days_name}"].widget.attrs["placeholder"] = str(days)
        self.initial[f"{name}_of"] = cut.of or "amount"

    @property
    def default_products(self) -> list[str]:
        return list(self.file.defaults_in(self.clinic.country))

    @property
    def pace(self) -> tuple[Phase, ...] | None:
        """The pace that holds where none is typed: the clinic's, else the medicine's."""
        return self.context.pace or self.engine_medicine.pace

    @property
    def limit(self) -> Limit | None:
        """The limit that holds where none is typed: the clinic's, else the medicine's."""
        return self.context.limit or self.engine_medicine.limit

    # Checking

    def clean_start(self) -> date:
        start = self.cleaned_data["start"]
        today = timezone.localdate()
        if abs((start - today).days) > MOST_YEARS_OFF * 365 + 1:
            words = f"Give a date within {MOST_YEARS_OFF} years of today, {today.isoformat()}."
            raise ValidationError(words, code="far")
        return start

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_times(data)
        for name in ("pace", "limit"):
            self._check_percent(name, data)
            if f"{name}_cut" not in self.errors:
                self._check_basis(name, data)
        self._check_ceiling(data)
        if data.get("factors_asked") and data.get("factors"):
            self.add_error("factors", "Either none apply, or those that are ticked do: untick one side.")
        return data

    def _check_times(self, data: Mapping[str, Any]) -> None:
        if any(time in self.errors or data.get(time) for time in TIMES):
            return
        zero = any(data.get(time) == 0 for time in TIMES)
        words = "Give a dose above 0 at one time at least: what is taken now."
        self.add_error("morning", ValidationError(words, code="zero" if zero else MISSING))

    def _check_basis(self, name: str, data: Mapping[str, Any]) -> None:
        """A basis chosen without a cut would be passed over in silence."""
        typed = data.get(f"{name}_of")
        if typed and typed != self.initial.get(f"{name}_of", typed) and data.get(f"{name}_cut") is None:
            self.add_error(f"{name}_cut", "Give the cut that is counted this way.")

    def _check_percent(self, name: str, data: Mapping[str, Any]) -> None:
        amount = data.get(f"{name}_cut")
        if amount is not None and data.get(f"{name}_of") != "amount" and amount > 100:
            self.add_error(f"{name}_cut", "Give a percentage above 0 and at most 100.")

    def _check_ceiling(self, data: Mapping[str, Any]) -> None:
        ceiling, limit = self.engine_medicine.ceiling, self._typed_limit(data)
        if ceiling is None or limit is None or data.get("over_ceiling"):
            return
        if limit.cut.of == ceiling.cut.of and is_above(limit, ceiling):
            self.add_error(
                "limit_cut",
                f"Give at most {limit_words(ceiling, self.file.unit)}, the ceiling of the medicine file, or tick "
                "“Above the ceiling for this plan”, which asks for a reason when the plan is issued.",
            )

    def has_typed(self, name: str) -> bool:
        """Whether anything of the pace or the limit was typed. The form must be valid."""
        return any(value is not None for key, value in self.cleaned_data.items() if key in GAPS[name])

    def _typed_limit(self, data: Mapping[str, Any]) -> Limit | None:
        """The limit as typed, its gaps filled from the one that holds; None where nothing was typed."""
        amount, days = data.get("limit_cut"), data.get("limit_days")
        if self.limit is None or (amount is None and days is None):
            return None
        cut = self.limit.cut if amount is None else Change(amount, basis(data.get("limit_of")))
        return Limit(cut, days or self.limit.days)

    # What it makes

    def request_data(self) -> dict[str, Any]:
        """The request in its JSON form. The form must be valid."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "medicine": data["medicine"],
            "products": data["products"],
            "regimen": {time: show(data[time]) for time in TIMES if data[time]},
            "target": show(data["target"]),
            "start": data["start"].isoformat(),
            "coarse": data["coarse"] or "flag",
            "factors": data["factors"] or ([] if data["factors_asked"] else None),
        }
        optional = {
            "pace": self._pace_data(data),
            "limit": self._limit_data(data),
            "final_dose": None if data["final_dose"] is None else show(data["final_dose"]),
            "max_units": None if data["max_units"] is None else show(data["max_units"]),
            "fill_days": data["fill_days"],
            "order": [data["first_lowered"]] if data["first_lowered"] else None,
        }
        return found | {name: value for name, value in optional.items() if value is not None}

    def _pace_data(self, data: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        amount, every = data["pace_cut"], data["pace_every"]
        if amount is None and every is None:
            return None
        assert self.pace is not None
        if amount is None:
            return [phase_json(phase, self.file.unit) | {"every": every} for phase in self.pace]
        return [phase_json(Phase(Change(amount, basis(data["pace_of"])), every or self.pace[0].every), self.file.unit)]

    def _limit_data(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        limit = self._typed_limit(data)
        return None if limit is None else limit_json(limit, self.file.unit)

    def engine_request(self) -> Request | None:
        """The engine's request; None where something typed cannot be used, which is then said at its field."""
        if not self.is_valid():
            return None
        try:
            return parse_request(self.request_data(), find_medicine, inline_medicine, self.context)
        except BadInput as bad:
            self.refuse(bad)
            return None

    def refuse(self, bad: BadInput) -> None:
        """Says what the engine could not take at the field where it was typed."""
        self.add_error(field_of(bad.field), bad.allowed)

    def faults(self) -> list[tuple[str, str]]:
        """Field and message of everything that is wrong, in the order of the page."""
        order = [*self.fields, "__all__"]
        found = [(name, " ".join(str(words) for words in messages)) for name, messages in self.errors.items()]
        return sorted(found, key=lambda fault: order.index(fault[0]))

    def daily(self) -> dict[str, Decimal] | None:
        """The dose at each time as it was understood; None where nothing usable was typed."""
        if not self.is_bound or any(time in self.errors for time in TIMES):
            return None
        return {time: self.cleaned_data[time] for time in TIMES if self.cleaned_data.get(time)}

    def missing(self) -> dict[str, str]:
        """What is still empty, by field: no mistake while somebody is still typing."""
        found = {}
        for name, errors in self.errors.as_data().items():
            if all(error.code == MISSING for error in errors) and name != "products":
                found[name] = str(errors[0].messages[0])
        return found
