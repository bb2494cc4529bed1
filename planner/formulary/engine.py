"""A medicine file as the engine sees it."""

from planner.formulary.cuts import read_limit, read_pace
from planner.formulary.model import MedicineFile
from planner.formulary.parts import LimitRule, PhaseText, Role
from planner.formulary.parts import NamedPace as FilePace
from planner.formulary.products import FileProduct
from planner.formulary.texts import FactorText
from planner.taper.medicine import TIMES, Factor, Limit, Maximum, Medicine, NamedPace, Phase, Product, Source

_SOURCED = (
    "order",
    "finer",
    "pace",
    "pace_basis",
    "limit",
    "limit_basis",
    "ceiling",
    "final_dose",
    "least_interval",
    "least_duration",
    "plausible_daily",
    "usual_times",
    "usual_at_once",
    "longest_gap",
    "hours",
    "nervous_system",
)
_WINDOWS: dict[str, Role] = {"early_hours": "early", "peak_hours": "peak"}


def engine_medicine(file: MedicineFile) -> Medicine:
    """The engine's Medicine, figure for figure. Raises BadInput where a pace or limit cannot be read."""
    return Medicine(
        key=file.key,
        name=file.name,
        unit=file.unit,
        products={key: _product(key, product) for key, product in file.products.items()},
        default_products=file.default_products,
        order=file.order.times if file.order else TIMES,
        pace=phases("pace.phases", file.pace.phases, file.unit),
        limit=limit("limit", file.limit, file.unit),
        paces={key: _named(key, pace, file.unit) for key, pace in file.paces.items()},
        ceiling=limit("ceiling", file.ceiling, file.unit),
        final_dose=file.final_dose.daily,
        least_interval=file.least_interval.days if file.least_interval else None,
        least_duration=file.least_duration.days if file.least_duration else None,
        plausible_daily=file.plausible_daily.daily,
        maximums=tuple(Maximum(m.country, m.daily, file.source_of(m)) for m in file.maximums),
        usual_times=(file.usual_times.fewest, file.usual_times.most) if file.usual_times else None,
        usual_at_once=file.usual_at_once.dose if file.usual_at_once else None,
        hours=file.hours.as_mapping() if file.hours else {},
        longest_gap=file.longest_gap.hours if file.longest_gap else None,
        factors=tuple(_factor(file, factor) for factor in file.factors),
        nervous_system=file.nervous_system.value,
        unverified=file.unverified,
        finer=file.finer.products if file.finer else (),
        early_hours=_window_hours(file, "early"),
        peak_hours=_window_hours(file, "peak"),
        sources=_sources(file),
    )


def phases(field: str, given: tuple[PhaseText, ...], unit: str) -> tuple[Phase, ...]:
    """A pace of the file in numbers. Raises BadInput naming the field."""
    return read_pace(field, [phase.model_dump(exclude_none=True) for phase in given], unit)


def _named(key: str, pace: FilePace, unit: str) -> NamedPace:
    field = f"paces.{key}"
    own = limit(f"{field}.limit", pace.limit, unit)
    return NamedPace(phases(f"{field}.phases", pace.phases, unit), own, pace.final_dose)


def limit(field: str, given: LimitRule, unit: str) -> Limit:
    """A limit of the file in numbers. Raises BadInput naming the field."""
    return read_limit(field, given.model_dump(include={"cut", "of", "days"}, exclude_none=True), unit)


def _product(key: str, product: FileProduct) -> Product:
    why_not = product.not_for_tapering.says if product.not_for_tapering else ""
    markets = tuple(product.markets)
    return Product(key, product.form, product.strength, product.divides, product.step_ml, markets, why_not)


def _factor(file: MedicineFile, factor: FactorText) -> Factor:
    field = f"factors.{factor.key}"
    return Factor(
        key=factor.key,
        label=factor.label,
        severity=factor.severity,
        message=factor.message,
        source=file.source_of(factor),
        specialist=factor.specialist,
        pace=phases(f"{field}.pace", factor.pace, file.unit) if factor.pace else None,
        limit=limit(f"{field}.limit", factor.limit, file.unit) if factor.limit else None,
        age_below=factor.age_below,
        age_from=factor.age_from,
        taken_days_over=factor.taken_days_over,
        daily_from=factor.daily_from,
    )


def _sources(file: MedicineFile) -> dict[str, Source]:
    cited = ((name, getattr(file, name)) for name in _SOURCED)
    found = {name: file.source_of(figure) for name, figure in cited if figure}
    windows = ((name, file.window(role)) for name, role in _WINDOWS.items())
    return found | {name: file.source_of(window) for name, window in windows if window}


def _window_hours(file: MedicineFile, role: Role) -> tuple[int, int] | None:
    window = file.window(role)
    first, last = window.hours if window else (0, None)
    return None if last is None else (first, last)
