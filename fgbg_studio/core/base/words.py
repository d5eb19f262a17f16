"""Times and sizes as a person says them."""

from __future__ import annotations


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
