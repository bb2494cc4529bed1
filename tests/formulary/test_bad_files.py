"""Files that cannot be a medicine's: each is refused with the place named and what is allowed."""

import pytest

from planner.formulary import FormularyError
from planner.formulary.loading import read_text, text_of
from tests.formulary.example import example

NAME = "examplazine.toml"
PRODUCT = "[products.tablet-10] "
BAD = {
    "unknown key": (
        example().replace("[pace]\n", '[pace]\nspeed = "fast"\n'),
        f"{NAME}: pace.speed: Unknown key. Correct its name, or leave it out. Given: 'fast'.",
    ),
    "wrong unit": (
        example().replace('cut = "10%", of = "current"', 'cut = "5 mcg"'),
        f"{NAME}: pace.phases.0.cut: '5 mcg' cannot be used.",
    ),
    "negative strength": (
        example().replace('strength = "10"', 'strength = "-10"'),
        f"{NAME}: products.tablet-10.strength: ",
    ),
    "two products of one key": (
        example() + "\n[products.tablet-10]\n",
        f"{NAME}: is not TOML: Cannot declare ('products', 'tablet-10') twice (at line {example().count(chr(10)) + 2}",
    ),
    "not TOML": (example() + "\nstrength is 10\n", f"(at line {example().count(chr(10)) + 2}, column 10)"),
    "5 MB": ("#" * 5_000_000, f"{NAME}: It is larger than 500 KB. A medicine file has at most that."),
    "one byte too many": ("#\n" * 250_000 + "#", f"{NAME}: It is larger than 500 KB."),
    "zero bytes": ("", f"{NAME}: It is empty."),
    "blank": (" \n\n", f"{NAME}: It is empty."),
    "nested lists": ("a = " + "[" * 900, f"{NAME}: It is nested too deeply."),
    "nested names": ("a" + ".a" * 900 + " = 1.5", f"{NAME}: It is nested too deeply."),
    "long line": (f'key = "{"x" * 3000}"', f"{NAME}: line 1: It is too long. Give at most 2,000 characters in a line."),
    "endless number": (
        example().replace("version = 1", f"version = {'9' * 1900}"),
        f"{NAME}: version: Give a whole number from 1 to 999,999.",
    ),
    "key of another file": (
        example().replace('key = "examplazine"', 'key = "other"'),
        f"{NAME}: key: It must be the file's name, 'examplazine'.",
    ),
    "character that no database takes": (
        example().replace('title = "Proposal of our clinic"', 'title = "Proposal\\u0000 of our clinic"'),
        f"{NAME}: sources.ours.title: Leave out the control characters",
    ),
    "version beyond all": (
        example().replace("version = 1", "version = 1000000"),
        f"{NAME}: version: Give a whole number from 1 to 999,999.",
    ),
}  # fmt: skip


def messages(text: bytes | str, name: str = NAME) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FormularyError) as raised:
        read_text(name, text_of(name, data))
    return "\n".join(raised.value.messages)


def test_example_of_the_readme_is_in_order() -> None:
    file = read_text(NAME, example())
    assert (file.key, file.version) == ("examplazine", 1)
    assert len(example()) < 4000


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_with_its_place(text: str, words: str) -> None:
    found = messages(text)
    assert words in found
    assert len(found) < 1000


def test_file_that_is_not_utf_8_names_its_line() -> None:
    data = example().encode().replace(b"Examplazine 10 mg tablets", b"Examplaz\xefne 10 mg tablets")
    line = example()[: example().index("Examplazine 10 mg tablets")].count("\n") + 1
    assert messages(data) == f"{NAME}: line {line}: It is not UTF-8 text (byte 0xef). Save the file as UTF-8."


@pytest.mark.parametrize("key", ["own", "by-hand", "inline"])
def test_key_that_means_something_else_is_refused(key: str) -> None:
    text = example().replace('key = "examplazine"', f'key = "{key}"')
    assert f"key: '{key}' means something else here. Give another." in messages(text, f"{key}.toml")


@pytest.mark.parametrize("key", ["a-1.5", "x" * 61])
def test_key_that_no_address_takes_is_refused(key: str) -> None:
    text = example().replace('key = "examplazine"', f'key = "{key}"')
    assert "key: Give at most 60 small letters, digits and hyphens." in messages(text, f"{key}.toml")


def test_message_does_not_repeat_a_whole_file() -> None:
    found = messages(example().replace('unit = "mg"', "unit = [" + '"mg",\n' * 50_000 + "]"))
    assert len(found) < 300


def test_mark_that_some_editors_put_first_is_no_fault() -> None:
    text = "\ufeff" + example()
    assert read_text(NAME, text_of(NAME, text.encode())).version == 1


def test_lines_may_end_as_windows_ends_them() -> None:
    data = example().replace("\n", "\r\n").encode()
    assert read_text(NAME, text_of(NAME, data)).version == 1
    assert text_of(NAME, data).encode() == data
