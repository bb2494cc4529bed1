"""A medicine described by hand, with the names that the page writes as a medicine file has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from planner.taper.amounts import show
from planner.taper.medicine import Medicine, Product

FORMS = {"tablet": "tablets", "capsule": "capsules", "granules": "packets"}


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
    strength = f"{show(product.strength)} {unit}"
    return f"{strength}/mL solution" if product.is_liquid else f"{strength} {FORMS[product.form]}"
