"""A medicine described by hand, with the names that the page writes as a medicine file has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from planner.taper.medicine import Medicine, Product
from planner.taper.words import product_words


class ProductName(Protocol):
    @property
    def short(self) -> str: ...


class Names(Protocol):
    """What the result needs of a medicine file: the products' names."""

    @property
    def products(self) -> Mapping[str, ProductName]: ...


@dataclass(frozen=True)
class Short:
    short: str


@dataclass(frozen=True)
class Described:
    """Names for a medicine without a file."""

    products: Mapping[str, Short]


def described(medicine: Medicine) -> Described:
    """The names of an inline medicine's products, as "10 mg tablets" or "1 mg/mL solution"."""
    return Described({key: Short(_short(product, medicine.unit)) for key, product in medicine.products.items()})


def _short(product: Product, unit: str) -> str:
    return f"{product_words(product, unit)}{'' if product.is_liquid else 's'}"
