"""What a medicine file holds and begins with, in words: what is taken out of it, or chosen otherwise, shows in them."""

from collections.abc import Iterator

from planner.formulary.model import LABELS, MedicineFile


def holds_words(file: MedicineFile) -> str:
    """The file's contents by name, without their figures."""
    return " ".join(f"{head}: {words}." for head, words in _parts(file))


def _parts(file: MedicineFile) -> Iterator[tuple[str, str]]:
    yield "Medicine", f"{file.name}; patients read “{file.plain_name}”; doses in {file.unit}"
    yield "Products", "; ".join(product.label for product in file.products.values())
    yield "The planner begins with", _labels(file, file.default_products)
    for country, keys in file.default_products_by_market.items():
        yield f"In {country}", _labels(file, keys)
    yield "Most a day for", ", ".join(maximum.country for maximum in file.maximums) or "no country"
    yield "Published paces", "; ".join(pace.title for pace in file.paces.values()) or "none"
    yield "Patient factors", "; ".join(factor.title for factor in file.factors) or "none"
    for name in ("call_us", "emergency", "too_much", "missed_dose", "never_stop", "also"):
        yield f"“{LABELS[f'patient_reads.{name}']}”", f"{len(getattr(file.patient_reads, name))} entries"


def _labels(file: MedicineFile, keys: tuple[str, ...]) -> str:
    return "; ".join(file.products[key].label for key in keys)
