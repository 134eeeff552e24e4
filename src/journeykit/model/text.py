"""A text in the languages journeykit speaks: English, Danish, Swedish, Norwegian.

May import: errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

import attrs

from journeykit.errors import UnknownNameError

Language: TypeAlias = Literal["en", "da", "sv", "nb"]
"""A language of labels, as ISO 639-1 writes it; "nb" is Norwegian (bokmål)."""

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@attrs.frozen
class Text:
    """What is said once, in each language it is known in.

    Attributes:
        en: The English text; "" where there is none, as for the others.
        da: The Danish text.
        sv: The Swedish text.
        nb: The Norwegian text.
    """

    en: str = ""
    da: str = ""
    sv: str = ""
    nb: str = ""

    @classmethod
    def of(cls, text: TextLike) -> Text:
        """Take a text as it is, as an English string, or as a mapping by language.

        Raises:
            UnknownNameError: The mapping has a language other than `LANGUAGES`.
        """
        if isinstance(text, Text):
            return text
        if isinstance(text, str):
            return cls(text)
        for language in text:
            check_language(language)
        return cls(**text)

    def get(self, language: str = "en") -> str:
        """Say it in *language*, in English where that is missing, or "".

        Raises:
            UnknownNameError: *language* is none of `LANGUAGES`.
        """
        check_language(language)
        said: str = getattr(self, language)
        return said or self.en

    def __bool__(self) -> bool:
        return self != NO_TEXT

    def __repr__(self) -> str:
        if not (self.da or self.sv or self.nb):
            return f"Text({self.en!r})"
        said = ((language, getattr(self, language)) for language in LANGUAGES)
        return f"Text({', '.join(f'{language}={text!r}' for language, text in said if text)})"


TextLike: TypeAlias = str | Text | Mapping[str, str]
"""What may be given where a text belongs: a string is English."""

NO_TEXT: Final = Text()


def check_language(language: str) -> None:
    """Raise `UnknownNameError` unless *language* is one of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES)
