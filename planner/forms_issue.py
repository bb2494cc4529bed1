"""The answers that a plan needs before it is issued."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from planner.issuing import MOST_LETTERS, Question

ANSWER_KINDS = ("usual", "reason", "specialist")


class ReasonsForm(forms.Form):
    """A reason for each question, chosen or typed, and the specialist where one has to be named."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self._ask(question)

    def _ask(self, question: Question) -> None:
        usual = [("", "Choose, or type your own"), *((words, words) for words in question.usual_reasons)]
        self.fields[f"usual-{question.code}"] = forms.ChoiceField(label="Reason", choices=usual, required=False)
        self.fields[f"reason-{question.code}"] = forms.CharField(
            label="Your own words", max_length=MOST_LETTERS, required=False
        )
        if question.specialist:
            self.fields[f"specialist-{question.code}"] = forms.CharField(
                label="Specialist who directs this", max_length=100, required=False
            )

    def rows(self) -> list[tuple[Question, list[BoundField]]]:
        """Each question with its fields."""
        return [
            (q, [self[f"{k}-{q.code}"] for k in ANSWER_KINDS if f"{k}-{q.code}" in self.fields]) for q in self.questions
        ]

    def reasons(self) -> dict[str, str]:
        """By code; what was chosen and what was typed both count, and the same words once."""
        given = {q.code: (self._given("usual", q), self._given("reason", q)) for q in self.questions}
        return {
            code: typed if chosen in typed else "; ".join(filter(None, (chosen, typed)))
            for code, (chosen, typed) in given.items()
        }

    def specialists(self) -> dict[str, str]:
        """By code."""
        return {q.code: self._given("specialist", q) for q in self.questions if q.specialist}

    def _given(self, kind: str, question: Question) -> str:
        return str(self.cleaned_data.get(f"{kind}-{question.code}", ""))
