"""The planner's form: what is typed on the page, and the request that it makes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from planner.context import context_for
from planner.forms.carried import CarriedForm
from planner.forms.edit_texts import MOST_EDITS, EditsField
from planner.forms.fields import MOST_DAYS, AmountField, DaysField
from planner.forms.pacing import PaceAndLimit
from planner.forms.reading import as_querydict, is_above, said_at, spread, typed_changes
from planner.models import Clinic
from planner.shelves import clinic_shelf
from planner.taper import BadInput
from planner.taper.amounts import DAY_NAMES, show
from planner.taper.answer import limit_json, phase_json
from planner.taper.medicine import TIMES, Change, NamedPace
from planner.taper.read_pace import MOST_DAYS as MOST_DAYS_IN_LINES
from planner.taper.request import WEEKDAYS

MOST_YEARS_OFF = 5
COARSE = (
    ("flag", "Show it and ask for a reason"),
    ("stretch", "Hold the dose longer before it, and ask for a reason"),
    ("refuse", "Stop there and make no schedule"),
)
SHAPES = (("even", "All times in turn"), ("one-time-first", "One time emptied before the next"))
DAYS_OF_WEEK = tuple((key, name[:3]) for key, name in zip(WEEKDAYS, DAY_NAMES, strict=True))
ORDER = (
    "medicine", "shown_for", "products", *TIMES, "target", "start", "pace_cut", "pace_of", "pace_every", "end_by",
    "pace_lines", "limit_cut", "limit_of", "limit_days", "over_ceiling",
)  # fmt: skip  # as on the page; the rest follows as declared
MISSING = "required"  # the code of an error that only says that something is still empty


class PlannerForm(PaceAndLimit, CarriedForm):
    """What the page asks. Pace and limit fields left empty take the default that holds, shown as their placeholder."""

    field_order = ORDER

    products = forms.MultipleChoiceField(
        label="Products",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one product that the patient will use."},
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
    coarse = forms.ChoiceField(label="If no cut fits the limit", required=False)
    factors_asked = forms.BooleanField(label="Asked, none apply", required=False)
    factors = forms.MultipleChoiceField(label="Patient factors", widget=forms.CheckboxSelectMultiple, required=False)
    final_dose = AmountField(label="Final dose")
    max_units = AmountField(label="Most pieces at one time")
    fill_days = DaysField(label="Days per fill", most=365)
    first_lowered = forms.ChoiceField(label="Lowered first among equal doses", required=False)
    shape = forms.ChoiceField(label="Doses go down", required=False)
    change_on = forms.MultipleChoiceField(
        label="A dose may change on", required=False, widget=forms.CheckboxSelectMultiple
    )
    edits = EditsField(label="Changes by hand", required=False)
    use_pace = forms.ChoiceField(label="Take over a published pace", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, clinic: Clinic) -> None:
        wanted = (data or {}).get("medicine")
        self.clinic, self.shelf = clinic, clinic_shelf(clinic)
        keys = self.shelf.keys
        self.file = self.shelf.load(wanted if wanted in keys else self.shelf.first)
        self.engine_medicine = self.shelf.find(self.file.key)
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
            typed.setlist("edits", [])
            typed.pop("use_pace", None)
        if "shown_for" not in typed:
            typed.setlistdefault("products", self.default_products)
            typed.setdefault("target", "0")
        typed["shown_for"] = self.file.key
        return spread(typed)

    def _offer(self, keys: tuple[str, ...]) -> None:
        unit = self.file.unit
        bases = [("current", "% of current"), ("starting", "% of starting"), ("amount", f"{unit} a day")]
        self.offer("medicine", [(key, self.shelf.load(key).name) for key in keys])
        self.offer("products", [(key, product.short) for key, product in self.file.for_tapering.items()])
        self.offer("coarse", list(COARSE))
        self.offer("shape", list(SHAPES))
        self.offer("change_on", list(DAYS_OF_WEEK))
        self.offer("pace_of", bases)
        if self.paces_to_take:
            titles = [(name, self.file.paces[name].title) for name in self.paces_to_take]
            self.offer("use_pace", [("", "None"), *titles])
        else:
            del self.fields["use_pace"]
        self.offer("limit_of", bases)
        self.offer("factors", [(factor.key, factor.label) for factor in self.engine_medicine.factors])
        usual = self.engine_medicine.order[0].capitalize()
        self.offer("first_lowered", [("", f"{usual}, as usual"), *((time, time.capitalize()) for time in TIMES)])
        own = {"medicine": self.file.key, "shown_for": self.file.key, "products": self.default_products}
        self.initial = {**self.initial, **own}

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
        self.check_pace_and_limit(data)
        if data.get("factors_asked") and data.get("factors"):
            self.add_error("factors", "Either none apply, or those that are ticked do: untick one side.")
        return data

    def _check_times(self, data: Mapping[str, Any]) -> None:
        if any(time in self.errors or data.get(time) for time in TIMES):
            return
        zero = any(data.get(time) == 0 for time in TIMES)
        words = "Give a dose above 0 at one time at least: what is taken now."
        self.add_error("morning", ValidationError(words, code="zero" if zero else MISSING))

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
            "shape": data["shape"] or "even",
            "factors": data["factors"] or ([] if data["factors_asked"] else None),
        }
        optional = {
            "pace": self.pace_data(data),
            "end_by": data["end_by"].isoformat() if data["end_by"] else None,
            "limit": self.limit_data(data),
            "final_dose": None if data["final_dose"] is None else show(data["final_dose"]),
            "max_units": None if data["max_units"] is None else show(data["max_units"]),
            "fill_days": data["fill_days"],
            "order": [data["first_lowered"]] if data["first_lowered"] else None,
            "change_on": data["change_on"] or None,
            "edits": data["edits"] or None,
        }
        return found | {name: value for name, value in optional.items() if value is not None}

    def with_changes(self, changes: Mapping[str, Any]) -> QueryDict:
        """Everything typed, with fields of the request changed, which are given in its JSON form."""
        return self.changed(typed_changes(changes, self.file.unit))

    @property
    def paces_to_take(self) -> dict[str, NamedPace]:
        """The published paces that can be typed."""
        paces = self.engine_medicine.paces
        return {name: named for name, named in paces.items() if self.can_hold_pace(named)}

    @property
    def with_chosen_pace(self) -> QueryDict | None:
        """Everything typed, with the published pace that is chosen written out; None where none is."""
        name = str(self.data.get("use_pace", "")) if self.is_bound else ""
        return self._with_named_pace(self.paces_to_take[name]) if name in self.paces_to_take else None

    def _with_named_pace(self, named: NamedPace) -> QueryDict:
        unit = self.file.unit
        phases = [phase_json(phase, unit) for phase in named.phases]
        ceiling = self.engine_medicine.ceiling
        above = ceiling is not None and (named.limit.cut.of != ceiling.cut.of or is_above(named.limit, ceiling))
        changes: dict[str, Any] = {"pace": phases, "limit": limit_json(named.limit, unit)}
        changes |= dict.fromkeys(("end_by", "edits", "use_pace"))
        final_dose = None if named.final_dose is None else show(max(named.final_dose, self._smallest_dose()))
        return self.with_changes(changes | {"over_ceiling": "on" if above else None, "final_dose": final_dose})

    def _smallest_dose(self) -> Decimal:
        """That the ticked products make; 0 where none is ticked."""
        ticked = [self.file.products[key] for key in self["products"].value() or () if key in self.file.products]
        return min((product.increment for product in ticked), default=Decimal(0))

    def can_hold(self, changes: Mapping[str, Any]) -> bool:
        """Whether such changes can be typed: the days between cuts and the changes by hand have their most."""
        phases, edits = changes.get("pace") or [], changes.get("edits") or []
        most = MOST_DAYS_IN_LINES if len(phases) > 1 else MOST_DAYS
        return len(edits) <= MOST_EDITS and all(phase["every"] <= most for phase in phases)

    def can_hold_pace(self, named: NamedPace) -> bool:
        """Whether a published pace and its limit can be typed."""
        phases = [phase_json(phase, self.file.unit) for phase in named.phases]
        return self.can_hold({"pace": phases}) and named.limit.days <= MOST_DAYS

    def hidden_with(self, changes: Mapping[str, Any]) -> SafeString:
        """The same as hidden fields."""
        return self.hidden(typed_changes(changes, self.file.unit))

    def refuse(self, bad: BadInput) -> None:
        """Says what the engine could not take at the field where it was typed."""
        self.add_error(*said_at(bad, in_lines=bool(self.cleaned_data.get("pace_lines"))))

    def faults(self) -> list[tuple[str, str]]:
        """Field and message of everything that is wrong, in the order of the page."""
        order = [*self.fields, "__all__"]
        found = [(name, " ".join(str(words) for words in messages)) for name, messages in self.errors.items()]
        return sorted(found, key=lambda fault: order.index(fault[0]))

    def missing(self) -> dict[str, str]:
        """What is still empty, by field: no mistake while somebody is still typing."""
        found = {}
        for name, errors in self.errors.as_data().items():
            if all(error.code == MISSING for error in errors) and name != "products":
                found[name] = str(errors[0].messages[0])
        return found
