"""A clinic's own pace and limit for a medicine: what is saved, and what may be."""

from decimal import Decimal
from typing import Any

from planner.models import Clinic, ClinicMedicine
from planner.shelves import clinic_shelf
from planner.taper import BadInput
from planner.taper.amounts import show
from planner.taper.medicine import Limit, Medicine, Phase
from planner.taper.read_pace import limit_from, pace_from, require_end_in_sight
from planner.taper.words import days_words


def saved_defaults(clinic: Clinic, medicine: str) -> ClinicMedicine:
    """The clinic's row for a medicine; an empty one, not kept, where it has set nothing."""
    row = ClinicMedicine.objects.filter(clinic=clinic, medicine=medicine).first()
    return row or ClinicMedicine(clinic=clinic, medicine=medicine)


def saved_by_medicine(clinic: Clinic) -> dict[str, ClinicMedicine]:
    """The clinic's rows by medicine, for a page that shows all."""
    return {row.medicine: row for row in ClinicMedicine.objects.filter(clinic=clinic)}


def clinic_defaults(clinic: Clinic, medicine: str) -> tuple[tuple[Phase, ...] | None, Limit | None]:
    """The clinic's own pace and limit for a medicine; None for each that it has not set, and for both where they were
    set for a file of another unit.
    """
    row = saved_defaults(clinic, medicine)
    if not row.pace and not row.limit:
        return None, None
    found = clinic_shelf(clinic).find(medicine)
    return _read(found, row.pace, row.limit) if can_be_read(found, row) else (None, None)


def can_be_read(medicine: Medicine, row: ClinicMedicine) -> bool:
    """Whether a saved pace and limit are in the medicine's unit: a file that came later may have another."""
    try:
        _read(medicine, row.pace, row.limit)
    except BadInput:
        return False
    return True


def require_sound(medicine: Medicine, pace: list[dict[str, Any]], limit: dict[str, Any]) -> None:
    """Raises BadInput, naming the field of the request, where one cannot be read, the pace would take more than ten
    years from a usual dose, or the limit could pass the ceiling.

    Asked when they are saved. A ceiling lowered later shows as findings at the cuts that pass it.
    """
    phases, read = _read(medicine, pace, limit)
    if phases:
        high = _high_dose(medicine)
        require_end_in_sight(phases, high, high, _last_dose(medicine))
    if read and medicine.ceiling:
        _require_within(medicine.ceiling, read, medicine.unit)


def _high_dose(medicine: Medicine) -> Decimal:
    """The largest daily dose of a label, else the largest that is plausible, else some pieces of the strongest."""
    labels = [maximum.daily for maximum in medicine.maximums]
    pieces = 6 * max(product.strength for product in medicine.products.values())
    return max(labels, default=medicine.plausible_daily or pieces)


def _last_dose(medicine: Medicine) -> Decimal:
    return medicine.final_dose or min(product.increment for product in medicine.products.values())


def _read(
    medicine: Medicine, pace: list[dict[str, Any]], limit: dict[str, Any]
) -> tuple[tuple[Phase, ...] | None, Limit | None]:
    return (
        pace_from(pace, medicine.unit, None) if pace else None,
        limit_from(limit, medicine.unit) if limit else None,
    )


def _require_within(ceiling: Limit, limit: Limit, unit: str) -> None:
    """Raises BadInput unless every schedule within the limit is also within the ceiling.

    A limit on another basis, or over fewer days, can add up to more than the ceiling, whatever its number.
    """
    most = f"{show(ceiling.cut.amount)}{f'% of the {ceiling.cut.of} dose' if ceiling.cut.of else f' {unit}'}"
    words = f"The medicine's ceiling is {most} in {days_words(ceiling.days)}."
    if limit.cut.of != ceiling.cut.of:
        raise BadInput("limit.of", limit.cut.of, f"{words} Give the limit of the same.")
    if limit.cut.amount > ceiling.cut.amount:
        allowed = f"{words} Give more than 0 and at most {show(ceiling.cut.amount)}."
        raise BadInput("limit.cut", show(limit.cut.amount), allowed)
    if limit.days < ceiling.days:
        raise BadInput("limit.days", limit.days, f"{words} Give at least {ceiling.days} days.")
