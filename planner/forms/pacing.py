"""The pace and the limit of the planner's form: what is typed, the defaults that hold, and what may not be."""

from collections.abc import Mapping
from typing import Any

from django import forms

from planner.forms.base import RegimenForm
from planner.forms.fields import ABOVE_ZERO, CutField, DaysField
from planner.forms.pace_lines import phases_from
from planner.forms.reading import basis, is_above
from planner.taper.answer import limit_json, phase_json
from planner.taper.medicine import Change, Limit, Phase
from planner.taper.rules_schedule import limit_words

GAPS = {"pace": ("pace_cut", "pace_every", "pace_lines"), "limit": ("limit_cut", "limit_days")}  # empty: the default
MOST_LINES = 600  # letters


class LinesField(forms.CharField):
    """Phases, one a line."""

    most_letters = MOST_LINES


class PaceAndLimit(RegimenForm):
    """What the form asks of pace and limit. Fields left empty take the default that holds."""

    pace_cut = CutField(label="Cut", message=ABOVE_ZERO)
    pace_of = forms.ChoiceField(label="counted as", required=False)
    pace_every = DaysField(label="every")
    pace_lines = LinesField(
        label="Several phases, one a line",
        required=False,
        max_length=MOST_LINES,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )
    end_by = forms.DateField(
        label="Or end by",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Give a date as year-month-day, such as 2027-06-01."},
    )
    limit_cut = CutField(label="At most", message=ABOVE_ZERO)
    limit_of = forms.ChoiceField(label="counted as", required=False)
    limit_days = DaysField(label="in any")
    over_ceiling = forms.BooleanField(label="Above the ceiling for this plan", required=False)

    @property
    def pace(self) -> tuple[Phase, ...] | None:
        """The pace that holds where none is typed: the clinic's, else the medicine's."""
        return self.context.pace or self.engine_medicine.pace

    @property
    def limit(self) -> Limit | None:
        """The limit that holds where none is typed: the clinic's, else the medicine's."""
        return self.context.limit or self.engine_medicine.limit

    def clean_pace_lines(self) -> list[dict[str, Any]]:
        return phases_from(self.cleaned_data["pace_lines"], self.file.unit)

    def check_pace_and_limit(self, data: Mapping[str, Any]) -> None:
        for name in ("pace", "limit"):
            self._check_percent(name, data)
            if f"{name}_cut" not in self.errors and not (name == "pace" and data.get("end_by")):
                self._check_basis(name, data)
        self._check_ways_of_pacing(data)
        self._check_ceiling(data)

    def _check_ways_of_pacing(self, data: Mapping[str, Any]) -> None:
        """One cut, several phases, or a date to end by: never two of them."""
        single = data.get("pace_cut") is not None
        if data.get("pace_lines") and (single or data.get("pace_every") or data.get("end_by")):
            self.add_error("pace_lines", "Give phases here, or a cut or a date above, not both.")
        elif data.get("end_by") and single:
            self.add_error("end_by", "Give a date to end by, or a cut, not both: the date asks for the cut.")
        elif data.get("end_by") and data.get("pace_of") == "amount":
            self.add_error("pace_of", "For a date to end by the cut is found in percent: of current, or of starting.")

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
        most = limit_words(ceiling, self.file.unit)
        tick = "or tick “Above the ceiling for this plan”, which asks for a reason when the plan is issued."
        if limit.cut.of != ceiling.cut.of:
            words = f"The ceiling of the medicine file is {most}: count the limit the same way, {tick}"
            self.add_error("limit_of", words)
        elif is_above(limit, ceiling):
            self.add_error("limit_cut", f"Give at most {most}, the ceiling of the medicine file, {tick}")

    def has_typed(self, name: str) -> bool:
        """Whether anything of the pace or the limit was typed. The form must be valid."""
        return any(value not in (None, []) for key, value in self.cleaned_data.items() if key in GAPS[name])

    def _typed_limit(self, data: Mapping[str, Any]) -> Limit | None:
        """The limit as typed, its gaps filled from the one that holds; None where nothing was typed."""
        amount, days = data.get("limit_cut"), data.get("limit_days")
        if self.limit is None or (amount is None and days is None):
            return None
        cut = self.limit.cut if amount is None else Change(amount, basis(data.get("limit_of")))
        return Limit(cut, days or self.limit.days)

    def pace_data(self, data: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        amount, every = data["pace_cut"], data["pace_every"]
        if data["end_by"] is not None:
            return [{"of": basis(data["pace_of"]), **({"every": every} if every else {})}]
        if data["pace_lines"]:
            return list(data["pace_lines"])
        if amount is None and every is None:
            return None
        assert self.pace is not None
        if amount is None:
            return [phase_json(phase, self.file.unit) | {"every": every} for phase in self.pace]
        return [phase_json(Phase(Change(amount, basis(data["pace_of"])), every or self.pace[0].every), self.file.unit)]

    def limit_data(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        limit = self._typed_limit(data)
        return None if limit is None else limit_json(limit, self.file.unit)
