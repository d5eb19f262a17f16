"""Times and sizes as a person says them, and words of strangers so that they do no more than be read."""

from __future__ import annotations

import re
import unicodedata


def duration(seconds: float) -> str:
    """Seconds: '40 s', '12 min', '3 h 05 min'."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    if minutes < 90:
        return f"{minutes:.0f} min"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min"


def human_bytes(number: float) -> str:
    """Bytes for a table, where columns are compared: 1,234,567 → '1.2 MB', 12,345 → '12.3 kB' (powers of 1,000)."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"


def about_bytes(number: float) -> str:
    """Bytes for a sentence, with no more digits than anybody reads: '9.1 GB', '340 MB', '12 kB'."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if number >= factor * 0.9995:
            value = number / factor
            return f"{value:,.0f} {unit}" if value >= 99.95 else f"{value:.1f} {unit}"
    return f"{max(round(number / 1e3), 1 if number else 0)} kB"


_JOINERS = "\u200c\u200d"  # of letters and emoji


def one_line(text: str) -> str:
    """``text`` with its control characters written out, as Python writes them.

    Names of files and words of others may hold line breaks, terminals' commands, and signs that turn the reading
    direction of what follows.
    """
    if text.isprintable():
        return text
    return "".join(letter if is_shown(letter) else letter.encode("unicode_escape").decode() for letter in text)


def is_shown(letter: str) -> bool:
    """Whether a letter is only to be seen: no control, no sign of direction, no half of a letter."""
    return letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs"


def csv_cell(text: str) -> str:
    """Somebody's words as a cell of a table by RFC 4180; see `no_formula`."""
    text = no_formula(text)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def no_formula(text: str) -> str:
    """Words with an apostrophe before them where table programs would take them for a formula; programs take it off."""
    return f"'{text}" if re.match(r"\s*[=+@-]", text) else text
