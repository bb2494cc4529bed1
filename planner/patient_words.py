"""The words by which a patient is found."""

import re
import unicodedata
from datetime import date

_WORD = re.compile(r"\w+")
MOST_LETTERS = 60  # of a word that counts


def words_of(name: str, identifier: str, born: date) -> set[str]:
    """Of the name and the identifier each word, and the date of birth as 19680314 and by its year."""
    plain = {word for text in (name, identifier) for word in plain_words(text)}
    joined = "".join(plain_words(identifier))  # TP-0001 is typed as TP0001 too
    return {word for word in (*plain, joined, f"{born:%Y%m%d}", f"{born:%Y}") if word}


def plain_words(text: str) -> list[str]:
    """Small letters without accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word[:MOST_LETTERS] for word in _WORD.findall(bare.casefold())]


def coded(word: str) -> str:
    """As kept: hexadecimal digits, so that every database sorts it alike."""
    return word.encode().hex()


def range_of(word: str) -> tuple[str, str]:
    """All words that begin so lie from the first to before the second: no digit comes after f."""
    return coded(word), f"{coded(word)}g"
