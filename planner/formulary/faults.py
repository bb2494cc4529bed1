"""What a medicine file may not contradict. Each check yields (key in the file, what is wrong and allowed)."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from planner.formulary.cuts import size, within
from planner.formulary.engine import limit, phases
from planner.formulary.model import ESTABLISHABLE, MedicineFile, walk
from planner.formulary.products import FileProduct
from planner.formulary.texts import FactorText
from planner.taper.amounts import show
from planner.taper.errors import BadInput
from planner.taper.fit import MOST_PARTS
from planner.taper.medicine import Change, Limit, Phase
from planner.taper.whole import Scale, common_step
from planner.taper.words import days_words

Fault = tuple[str, str]
OWN = "our own proposal"
UNITS = ("mg", "micrograms", "g", "units")
FAR = Decimal("Infinity")
MOST_TRIALS = 100  # of a usual dose with a pace or with a market's products: each takes up to a second
MOST_WINDOW_HOURS = 366 * 24  # in which a clinic's closed days are looked for, day by day


def faults(file: MedicineFile) -> list[Fault]:
    """Every contradiction in a file whose single values are in order."""
    try:
        limit("limit", file.limit, file.unit)
        limit("ceiling", file.ceiling, file.unit)
        phases("pace.phases", file.pace.phases, file.unit)
        for key, pace in file.paces.items():
            phases(f"paces.{key}.phases", pace.phases, file.unit)
            limit(f"paces.{key}.limit", pace.limit, file.unit)
        for factor in file.factors:
            _readable(factor, file.unit)
    except BadInput as bad:
        return [(bad.field, f"{bad.value!r} cannot be used. {bad.allowed}")]
    return [fault for check in CHECKS for fault in check(file)]


def _readable(factor: FactorText, unit: str) -> None:
    if factor.pace:
        phases(f"factors.{factor.key}.pace", factor.pace, unit)
    if factor.limit:
        limit(f"factors.{factor.key}.limit", factor.limit, unit)


def _spelling(file: MedicineFile) -> Iterator[Fault]:
    """What is most often written otherwise, and would be looked for in vain."""
    if file.unit not in UNITS:
        yield "unit", f"Give one of: {', '.join(UNITS)}."
    places = {"maximums": [maximum.country for maximum in file.maximums]}
    places |= {"default_products_by_market": list(file.default_products_by_market)}
    places |= {f"products.{key}.sold": product.markets for key, product in file.products.items()}
    for path, countries in places.items():
        if "UK" in countries:
            yield f"{path}.UK", "The United Kingdom's two letters are GB, not UK."


def _sources(file: MedicineFile) -> Iterator[Fault]:
    used = set()
    for path, cited in walk(file):
        used.add(cited.source)
        document = file.sources.get(cited.source)
        if document is None:
            yield f"{path}.source", f"{cited.source!r} is no source of this file. Known: {', '.join(file.sources)}."
        elif (document.kind == OWN) != (cited.standing == "proposal"):
            words = f"A proposal, and nothing else, has a source of the kind {OWN!r}: change one of the two."
            yield f"{path}.standing", words
        elif cited.standing == "verified" and not (document.read_on or document.from_notes):
            yield f"{path}.standing", f"Verified needs read_on or from_notes in sources.{cited.source}."
    for key in sorted(set(file.sources) - used):
        yield f"sources.{key}", "No figure names it. Cite it, or leave it out."
    for key, document in file.sources.items():
        if document.read_on and document.from_notes:
            yield f"sources.{key}.read_on", "Notes kept no day: give read_on or from_notes, not both."
        if not document.address and not document.note:
            yield f"sources.{key}.note", "A source without an address says in its note why."


def _products(file: MedicineFile) -> Iterator[Fault]:
    for key, product in file.products.items():
        yield from ((f"products.{key}.{name}", words) for name, words in _product(key, product, file.unit))


def _product(key: str, product: FileProduct, unit: str) -> Iterator[Fault]:
    if product.is_liquid and product.pieces is not None:
        yield "divides", "A solution is measured, not divided: give step_ml, leave divides out."
    if product.is_liquid and product.step_ml is None:
        yield "step_ml", "A solution needs the least volume that its syringe measures, in mL."
    if not product.is_liquid and product.step_ml is not None:
        yield "step_ml", "Only a solution is measured: leave step_ml out, give divides."
    if not product.is_liquid and product.pieces not in (1, 2, 4):
        yield "divides", "Say into how many parts a piece may be cut: 1, 2 or 4."
    strength = f"{show(product.strength)} {unit}" + ("/mL" if product.is_liquid else "")
    for name in ("label", "short"):
        if not re.search(rf"(?<![\d.]){re.escape(strength)}(?![\w/])", getattr(product, name)):
            yield name, f"It does not say the strength as {strength!r}."
    if key.rpartition("-")[2] != show(product.strength):
        yield "strength", f"The key {key!r} ends in another strength than {show(product.strength)}."
    for country in _repeated(product.markets):
        yield "sold", f"{country} stands there twice."


def _known_products(file: MedicineFile) -> Iterator[Fault]:
    named = {"default_products": file.default_products, "finer.products": file.finer.products if file.finer else ()}
    named |= {f"default_products_by_market.{c}": keys for c, keys in file.default_products_by_market.items()}
    for path, keys in named.items():
        for key in keys:
            if key not in file.products:
                yield path, f"{key!r} is no product of this file. Known: {', '.join(file.products)}."
            elif file.products[key].not_for_tapering:
                yield path, f"{key!r} is not for tapering by this file."
    for country, keys in file.default_products_by_market.items():
        for key in keys:
            if key in file.products and country not in file.products[key].markets:
                yield f"default_products_by_market.{country}", f"{key!r} is not sold in {country} by this file."


def _final_dose(file: MedicineFile) -> Iterator[Fault]:
    """Products whose smallest dose is above it stop from higher, which asks for a reason; others have to make it."""
    choices = {"default_products": file.default_products}
    choices |= {f"default_products_by_market.{c}": keys for c, keys in file.default_products_by_market.items()}
    dose = file.final_dose.daily
    for path, keys in choices.items():
        made_from = [file.products[key].increment for key in keys if key in file.products]
        if min(made_from, default=FAR) <= dose and not makes(dose, made_from):
            yield path, f"They cannot make the final dose of {show(dose)} {file.unit} (final_dose.daily)."


def makes(dose: Decimal, increments: list[Decimal]) -> bool:
    """Whether a dose is a sum of whole increments. One of very many steps is taken for such a sum where it can be."""
    if not increments:
        return not dose
    scale = Scale.for_amounts([dose, *increments])
    sizes = {scale.whole(increment) for increment in increments}
    step = common_step(sizes)
    steps, rest = divmod(scale.whole(dose), step)
    if rest or steps > MOST_PARTS:
        return not rest
    reached = [True]
    for place in range(1, steps + 1):
        reached.append(any(size // step <= place and reached[place - size // step] for size in sizes))
    return reached[steps]


def _limits(file: MedicineFile) -> Iterator[Fault]:
    usual, most = limit("limit", file.limit, file.unit), limit("ceiling", file.ceiling, file.unit)
    if usual.cut.of != most.cut.of:
        yield "limit.of", "Limit and ceiling must be counted in the same terms, so that they can be compared."
    elif usual.cut.amount > most.cut.amount or _per_day(usual.cut, usual.days) > _per_day(most.cut, most.days):
        yield "limit.cut", f"It is above the ceiling: at most {size(most.cut, file.unit)} in {days_words(most.days)}."


def _paces(file: MedicineFile) -> Iterator[Fault]:
    bound, default = limit("limit", file.limit, file.unit), phases("pace.phases", file.pace.phases, file.unit)
    yield from _pace(file, "pace.phases", default, bound)
    for key, named in file.paces.items():
        own = limit(f"paces.{key}.limit", named.limit, file.unit)
        yield from _within(file, f"paces.{key}.phases", phases(f"paces.{key}", named.phases, file.unit), own)
    for factor in file.factors:
        if not factor.pace:
            continue
        path = f"factors.{factor.key}.pace"
        slower = phases(path, factor.pace, file.unit)
        yield from _pace(file, path, slower, bound)
        if {phase.cut.of for phase in (*slower, *default)} != {default[0].cut.of}:
            yield path, "It must be counted in the same terms as the default pace, so that they can be compared."
        elif _fastest(slower) > _fastest(default):
            yield path, f"It is faster than the default pace, {file.pace.text(file.unit)}."


def _within(file: MedicineFile, path: str, pace: tuple[Phase, ...], bound: Limit) -> Iterator[Fault]:
    """That the cuts of one window keep a limit that is counted in the same terms."""
    for place, phase in enumerate(pace):
        if phase.cut.of == bound.cut.of and within(phase.cut, phase.every, bound.days) > bound.cut.amount:
            allowed = f"{size(bound.cut, file.unit)} in {days_words(bound.days)}"
            yield f"{path}.{place}.cut", f"Cuts of {size(phase.cut, file.unit)} pass the limit of {allowed}."


def _pace(file: MedicineFile, path: str, pace: tuple[Phase, ...], bound: Limit) -> Iterator[Fault]:
    yield from _within(file, path, pace, bound)
    least = file.least_interval.days if file.least_interval else 0
    for place, phase in enumerate(pace):
        if phase.every < least:
            yield f"{path}.{place}.every", f"At least {least} days (least_interval.days)."
    if pace[-1].every < file.final_dose.days:
        yield f"{path}.{len(pace) - 1}.every", f"The final dose must be taken {file.final_dose.days} days or more."


def _factors(file: MedicineFile) -> Iterator[Fault]:
    for key in _repeated([factor.key for factor in file.factors]):
        yield f"factors.{key}.key", "Two factors have this key."
    for factor in file.factors:
        path = f"factors.{factor.key}"
        if factor.age_from is not None and factor.age_below is not None and factor.age_from >= factor.age_below:
            yield f"{path}.age_from", f"It must be below age_below, {factor.age_below}."
        if factor.specialist and factor.severity != "acknowledge":
            yield f"{path}.specialist", "Only a factor of severity acknowledge names a specialist."
        if factor.severity == "refuse" and (factor.pace or factor.limit):
            yield f"{path}.severity", "A factor that refuses has no pace and no limit."


def _doses(file: MedicineFile) -> Iterator[Fault]:
    if file.usual_times and file.usual_times.fewest > file.usual_times.most:
        yield "usual_times.fewest", f"It must be at most usual_times.most, {file.usual_times.most}."
    hours = list(file.hours.as_mapping().values()) if file.hours else []
    if hours != sorted(set(hours)):
        yield "hours", "Each time of day must be later than the one before."
    for country in _repeated([maximum.country for maximum in file.maximums]):
        yield f"maximums.{country}", "A country has one maximum."
    for maximum in file.maximums:
        if maximum.daily > file.plausible_daily.daily:
            yield f"maximums.{maximum.country}.daily", "It must be at most plausible_daily.daily."


def _established(file: MedicineFile) -> Iterator[Fault]:
    """Each figure that a file may lack is given, or said to be not established; never neither, never both."""
    for name in file.not_established:
        if name not in ESTABLISHABLE:
            yield "not_established", f"{name!r} cannot be left open. Those that can: {', '.join(ESTABLISHABLE)}."
    for name in ESTABLISHABLE:
        if not getattr(file, name) and name not in file.not_established:
            yield name, f'Give it, or name it in not_established = ["{name}"].'
        if getattr(file, name) and name in file.not_established:
            yield "not_established", f"{name!r} is given: take it out here."


def _starts(file: MedicineFile) -> Iterator[Fault]:
    for place, start in enumerate(file.starts):
        if sum(start.regimen.values()) > file.plausible_daily.daily:
            yield f"starts.{place}.regimen", "It is above plausible_daily.daily."
    trials = len(file.starts) * (1 + len(file.default_products_by_market) + len(file.paces))
    if trials > MOST_TRIALS:
        words = f"With every market and pace they make {trials:,} trials: at most {MOST_TRIALS}. Leave some out."
        yield "starts", words


def _timeline(file: MedicineFile) -> Iterator[Fault]:
    for place, window in enumerate(file.timeline):
        if window.last is not None and window.first >= window.last:
            yield f"timeline.{place}.first", f"It must be before last, {window.last}."
        if window.role and window.last is None:
            yield f"timeline.{place}.last", f"The {window.role} window needs its end."
        if window.role and (window.hours[1] or 0) > MOST_WINDOW_HOURS:
            yield f"timeline.{place}.last", f"The {window.role} window ends within a year."
    for role in _repeated([window.role for window in file.timeline if window.role]):
        yield "timeline", f"Two windows have the role {role!r}; one may."


def _repeated(keys: list[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if times > 1]


def _per_day(cut: Change, days: int) -> Fraction:
    return Fraction(cut.amount) / days


def _fastest(pace: tuple[Phase, ...]) -> Fraction:
    return max(_per_day(phase.cut, phase.every) for phase in pace)


CHECKS: tuple[Callable[[MedicineFile], Iterator[Fault]], ...] = (
    _spelling,
    _sources,
    _products,
    _known_products,
    _final_dose,
    _limits,
    _paces,
    _factors,
    _doses,
    _timeline,
    _established,
    _starts,
)
