"""What is asked when a running plan is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from planner.forms.fields import AmountField, DaysField
from planner.forms.pace_lines import lines_of, phases_from
from planner.formulary import MedicineFile
from planner.models import END_REASONS, CheckIn, Plan
from planner.revising import MOST_AHEAD, MOST_DAYS, Decision
from planner.standing import ONE_DAY, Earlier, current_of, earlier_doses, in_hand, standing, step_back_dose
from planner.taper.amounts import show
from planner.taper.medicine import TIMES

USUAL_DAYS = 7
FIRST = "first"
WHICH_DOSE = "Say which dose of that day is the first new one: the patient may have taken the ones before it."


@dataclass(frozen=True)
class Kind:
    """A way to change a plan. says: what it does, in a sentence; button: what is pressed to issue it."""

    key: str
    title: str
    says: str


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "hold", "Hold for some days", "The dose now goes on for so many days more; every later change moves back."
        ),
        Kind("wait", "Hold until further notice", "The dose now goes on. What comes next is decided later."),
        Kind("resume", "Go down again", "After a hold, the next lower dose and what follows it."),
        Kind("step-back", "Step back", "To a dose that was taken before, for some days; then down again."),
        Kind("pace", "Slower or faster", "Other cuts, or other days between them, within the limit."),
        Kind(
            "products", "Other products", "The same doses from other tablets or another liquid, such as in a shortage."
        ),
        Kind("target", "Another target", "The taper ends at another daily dose."),
        Kind("stay", "Stay on this dose", "The taper stops here. The patient keeps taking this dose."),
    )
}


class DateInput(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            error_messages={
                "required": "Give a date as year-month-day, such as 2027-01-13.",
                "invalid": "Give a date as year-month-day, such as 2027-01-13.",
            },
            **kwargs,
        )


class RevisionForm(forms.Form):
    """The fields that one kind of change needs. Bound with what was typed, or with what is usual."""

    begins = DateInput(label="From")
    from_time = forms.ChoiceField(label="First new dose of that day", required=False)
    days = DaysField(label="For how many days", most=MOST_DAYS)
    daily = forms.ChoiceField(label="Back to")
    next_cut = DateInput(label="Next lower dose on", required=False)
    pace = forms.CharField(
        label="Cuts, one phase a line", max_length=600, widget=forms.Textarea({"rows": 3, "spellcheck": "false"})
    )
    products = forms.MultipleChoiceField(
        label="Products from then on",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one product that the patient will use."},
    )
    target = AmountField(label="Target", missing="Give the daily dose to end at: 0 to stop.")
    why = forms.CharField(label="Reason", max_length=500, required=False)

    OWN = {
        "hold": ("days",), "wait": ("days",), "resume": ("next_cut",), "step-back": ("daily", "days"),
        "pace": ("pace", "next_cut"), "products": ("products",), "target": ("target",), "stay": (),
    }  # fmt: skip

    def __init__(self, data: Mapping[str, Any], *, plan: Plan, kind: str, file: MedicineFile, country: str) -> None:
        super().__init__(data)
        self.plan, self.kind, self.file = plan, KINDS[kind], file
        for name in {"days", "daily", "next_cut", "pace", "products", "target"} - {*self.OWN[kind]}:
            del self.fields[name]
        self._label(kind)
        self._offer(country)
        for key in self._held_products():
            self.fields[f"hand-{key}"] = AmountField(label=f"{self._short(key)} in hand")

    def _label(self, kind: str) -> None:
        if kind == "wait":
            self.fields["days"].label = "Next contact in how many days"
        if kind == "hold":
            self.fields["days"].label = "How many days more"
        if kind == "step-back":
            self.fields["daily"].help_text = "“Was well”: a check-in at that dose said so."
        if kind in ("resume", "pace"):
            self.fields["next_cut"].help_text = "Empty: as soon as the pace and the limit let it in."

    def _offer(self, country: str) -> None:
        times = [time for time in TIMES if time in current_of(self.plan).answer["request"]["regimen"]]
        rest = [(time, f"The {time} dose") for time in times[1:]]
        self._choices("from_time", [("", "Choose"), (FIRST, "The first one of the day"), *rest])
        self._choices("daily", [(show(dose.daily), self._earlier_words(dose)) for dose in self._earlier()])
        sold = {**self.file.products_in(country), **self.file.for_tapering}
        self._choices("products", [(key, product.short) for key, product in sold.items()])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            field.error_messages["invalid_choice"] = "Choose from the list."

    def _earlier(self) -> list[Earlier]:
        """Reckoned from the day typed, where it can be read; else from today."""
        try:
            begins = date.fromisoformat(str(self.data.get("begins", "")))
        except ValueError:
            begins = timezone.localdate()
        today = timezone.localdate()
        begins = min(max(begins, today), today + MOST_AHEAD * ONE_DAY)  # others are refused at the field
        return earlier_doses(self.plan, standing(self.plan, begins, self._time()))

    def _earlier_words(self, dose: Earlier) -> str:
        return f"{show(dose.daily)} {self.file.unit} a day{', was well' if dose.was_well else ''}"

    def _held_products(self) -> list[str]:
        """The products that the patient holds, or will use."""
        ticked = self.data.getlist("products") if isinstance(self.data, MultiValueDict) else []
        keys = dict.fromkeys([*current_of(self.plan).answer["request"]["products"], *ticked])
        return [key for key in keys if key in self.file.products]

    def _short(self, key: str) -> str:
        product = self.file.products[key]
        return f"{product.short}, mL" if product.is_liquid else product.short

    def _time(self) -> str:
        typed = str(self.data.get("from_time", ""))
        return typed if typed in TIMES else ""

    def clean_pace(self) -> list[dict[str, Any]]:
        phases = phases_from(self.cleaned_data["pace"], self.file.unit)
        if not phases:
            raise forms.ValidationError("Give at least one phase.")
        return phases

    def clean_days(self) -> int:
        days: int | None = self.cleaned_data["days"]
        if days is None:
            raise forms.ValidationError(f"Give a whole number of days from 1 to {MOST_DAYS}.")
        return days

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        begins = data.get("begins")
        if begins and not data.get("from_time") and asks_for_time(self.plan, self.kind.key, begins):
            self.add_error("from_time", WHICH_DOSE)
        return data

    def decision(self) -> Decision:
        """What was decided. The form must be valid."""
        data = self.cleaned_data
        return Decision(
            kind=self.kind.key,
            begins=data["begins"],
            from_time=data["from_time"] if data["from_time"] in TIMES else "",
            days=data.get("days") or USUAL_DAYS,
            daily=next((dose.daily for dose in self._earlier() if show(dose.daily) == data.get("daily")), None),
            next_cut=data.get("next_cut"),
            pace=data.get("pace", ()),
            products=data.get("products", ()),
            target=show(data["target"]) if data.get("target") is not None else "0",
            on_hand={key: show(units) for key in self._held_products() if (units := data.get(f"hand-{key}"))},
        )


def asks_for_time(plan: Plan, kind: str, begins: date) -> bool:
    """Whether it matters which dose of the day is the first new one: where doses change on it."""
    if kind in ("step-back", "products") and begins <= timezone.localdate():
        return True
    return standing(plan, begins).next_cut == begins


def usual(plan: Plan, kind: str, asked: QueryDict, check_in: CheckIn | None) -> QueryDict:
    """What the form begins with: what the address asks for, and for the rest what is usual."""
    today = timezone.localdate()
    now = standing(plan, today)
    request = current_of(plan).answer["request"]
    back = step_back_dose(earlier_doses(plan, now))
    begins = today + timedelta(days=1) if kind in ("step-back", "products") else today
    found = QueryDict(mutable=True)
    found.update(
        {
            "begins": begins.isoformat(),
            "from_time": "" if asks_for_time(plan, kind, begins) else FIRST,
            "days": str(USUAL_DAYS),
            "daily": show(back.daily) if back else "",
            "pace": lines_of(request["pace"]),
            "target": request["target"],
            "why": check_in.reason if check_in else "",
        }
    )
    found.setlist("products", request["products"])
    for name in ("days", "daily", "begins"):
        if value := asked.get(name):
            found[name] = str(value)
    for key, units in in_hand(plan, _day_in(found, begins)).items():
        found[f"hand-{key}"] = show(units)
    return found


def _day_in(typed: QueryDict, usually: date) -> date:
    """The day on which a change begins, where it is one on which it may."""
    try:
        day = date.fromisoformat(str(typed["begins"]))
    except ValueError:
        return usually
    today = timezone.localdate()
    return day if today <= day <= today + MOST_AHEAD * ONE_DAY else usually


class EndForm(forms.Form):
    """Why a plan ends, and from when."""

    on = DateInput(label="Last day on which it holds")
    reason = forms.ChoiceField(label="Why", choices=[("", "Choose"), *END_REASONS])
    note = forms.CharField(label="Note", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
