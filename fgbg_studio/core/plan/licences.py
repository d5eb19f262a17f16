"""The licence of the whole, worked out from the licences of its pictures.

A composite is an adaptation of a background and of foregrounds: whoever gives it to others keeps the terms of all of
them. Which terms go together is Creative Commons' own table, "Adapter's license chart" and "Compatibility chart" in
its frequently asked questions, in short:

====================  ========================================================================================
a part                what is made from it
====================  ========================================================================================
public domain, CC0    anything
BY                    names the authors; may have stricter terms
BY-NC                 is for non-commercial use only
BY-SA                 is BY-SA again, of the same or a later version (from 2.0 on), and nothing is added to it: no NC
BY-NC-SA              is BY-NC-SA again; BY-NC and BY go into it, BY-SA does not
BY-ND, BY-NC-ND       may not be given to others at all
MIT, BSD, Apache, …   anything, with their notices kept
ODbL                  is ODbL again
====================  ========================================================================================

Names are those of the SPDX licence list. This is arithmetic on names, not advice on the law.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from fgbg_studio.core.base.words import one_line

_PERMISSIVE = {
    "mit": "MIT", "isc": "ISC", "zlib": "Zlib", "apache 2.0": "Apache-2.0", "apache": "Apache-2.0",
    "bsd 2 clause": "BSD-2-Clause", "bsd 3 clause": "BSD-3-Clause", "odc by": "ODC-By-1.0", "odc by 1.0": "ODC-By-1.0",
    "cdla permissive 1.0": "CDLA-Permissive-1.0", "cdla permissive 2.0": "CDLA-Permissive-2.0",
}  # fmt: skip
_PUBLIC = {
    "cc0": "CC0-1.0", "cc0 1.0": "CC0-1.0", "cc zero": "CC0-1.0", "cc zero 1.0": "CC0-1.0", "pddl": "PDDL-1.0",
    "pddl 1.0": "PDDL-1.0", "unlicense": "Unlicense", "public domain": "", "public domain mark": "",
    "public domain mark 1.0": "", "pd": "", "pdm": "", "pdm 1.0": "", "cc pdm 1.0": "",
}  # fmt: skip
_CLOSED = {"all rights reserved", "proprietary", "copyright", "no sharing"}
_OWN = {"own", "own work", "own photo", "own photos", "my own", "mine", "self made"}
_CC = re.compile(r"cc ((?:by|sa|nc|nd)(?: (?:by|sa|nc|nd))*)(?: (\d)(?:\.(\d))?)?")
_WORDS = (
    ("creative commons", "cc"), ("attribution", "by"), ("non ?commercial", "nc"),
    ("no ?derivat(?:ives|ive|es|s)", "nd"), ("share ?alike", "sa"),
)  # fmt: skip
_HUB = {
    "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0",
    "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "mit", "isc", "zlib",
    "apache-2.0", "bsd-2-clause", "bsd-3-clause", "unlicense", "cdla-permissive-1.0", "cdla-permissive-2.0",
}  # fmt: skip
_HUB_OTHERS = {"PDDL-1.0": "pddl", "ODbL-1.0": "odbl", "ODC-By-1.0": "odc-by"}
"""The Hugging Face Hub's words for licences that are called otherwise in SPDX."""

Verdict = Literal["one", "free", "unknown", "forbidden"]


class LicenceTerms(NamedTuple):
    """What a licence asks of those who give on what is made from a picture.

    ``spdx`` is its name in the SPDX list, empty where it has none there; ``says`` as a person reads it.
    """

    says: str
    kind: Literal["public", "permissive", "cc", "odbl", "closed", "own"]
    spdx: str = ""
    elements: frozenset[str] = frozenset()
    """Of a Creative Commons licence: ``by``, ``sa``, ``nc``, ``nd``."""
    version: tuple[int, int] = (4, 0)


class WholeLicence(NamedTuple):
    """The licence of what is made from many pictures.

    Attributes:
        verdict: ``one`` where one licence fits all; ``free`` where the maker may choose, as nothing forbids it;
            ``unknown`` where a part's licence is not known; ``forbidden`` where it may not be given to others.
        spdx: that licence's SPDX name, else empty.
        clauses: what must be known of it, worst first.
    """

    verdict: Verdict
    spdx: str
    clauses: tuple[str, ...]

    @property
    def said(self) -> str:
        """What it is, as a clause: 'CC-BY-SA-4.0', 'not known'."""
        words = {"one": self.spdx, "free": "the maker's choice", "unknown": "not known", "forbidden": "none"}
        return words[self.verdict] or "public domain"

    @property
    def address(self) -> str:
        """Where its text is; empty where it has none."""
        if match := re.fullmatch(r"CC-(BY(?:-NC)?(?:-SA)?)-(\d\.\d)", self.spdx):
            return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
        if self.spdx == "CC0-1.0":
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        return f"https://spdx.org/licenses/{self.spdx}.html" if self.spdx else ""

    @property
    def hub(self) -> str:
        """The Hugging Face Hub's word for it: ``other`` and ``unknown`` are two of them."""
        if self.verdict == "unknown":
            return "unknown"
        word = _HUB_OTHERS.get(self.spdx, self.spdx.lower())
        return word if word in _HUB or self.spdx in _HUB_OTHERS else "other"


def terms_of(said: str) -> LicenceTerms | None:
    """The terms of a licence by what a person wrote; None where that is none that is known here.

    >>> terms_of("Creative Commons Attribution-ShareAlike 4.0").spdx
    'CC-BY-SA-4.0'
    """
    words = re.sub(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/", "cc ", said.lower())
    words = re.sub(r"[^a-z0-9.]+", " ", words)
    for long, short in _WORDS:
        words = re.sub(rf"\b{long}\b", short, words)
    words = re.sub(r"\b(?:licen[cs]ed?|version|international|unported|generic|deed|the|under|c)\b", " ", words)
    words = " ".join(re.sub(r"\bv(?=\d)", "", words).split()).strip(". ")
    words = re.sub(r"^cc zero\b|^zero\b", "cc zero", re.sub(r"^cc mark\b", "pdm", words))
    if words in _PUBLIC:
        return LicenceTerms(_PUBLIC[words] or "public domain", "public", _PUBLIC[words])
    if words in _PERMISSIVE:
        return LicenceTerms(_PERMISSIVE[words], "permissive", _PERMISSIVE[words])
    if words in {"odbl", "odbl 1.0"}:
        return LicenceTerms("ODbL-1.0", "odbl", "ODbL-1.0")
    if words in _CLOSED or words in _OWN:
        return LicenceTerms(one_line(said.strip()), "closed" if words in _CLOSED else "own")
    match = _CC.fullmatch(words)
    elements = frozenset(match[1].split()) if match else frozenset()
    if not match or "by" not in elements or {"sa", "nd"} <= elements:
        return None
    version = (int(match[2] or 4), int(match[3] or 0))
    return _creative_commons(elements, version)


def _creative_commons(elements: frozenset[str], version: tuple[int, int]) -> LicenceTerms:
    order = [element.upper() for element in ("by", "nc", "nd", "sa") if element in elements]
    name = f"CC-{'-'.join(order)}-{version[0]}.{version[1]}"
    return LicenceTerms(name, "cc", name, elements, version)


def whole_licence(said: Iterable[str]) -> WholeLicence:
    """The licence of what is made from pictures of which ``said`` are the licences, each as a person wrote it."""
    counts = Counter(one_line(one.strip()) for one in said)
    found = {words: terms_of(words) for words in counts}
    known = {words: terms for words, terms in found.items() if terms}
    strange = {words: count for words, count in counts.items() if words not in known}
    forbidding = [*_forbidding(known, counts), *_contradicting(list(known.values()))]
    if forbidding:
        return WholeLicence("forbidden", "", (*forbidding, *_unknown(strange, counts.total())))
    if strange or not counts:
        return WholeLicence("unknown", "", tuple(_unknown(strange, counts.total())))
    verdict, spdx = _fitting(list(known.values()))
    return WholeLicence(verdict, spdx, tuple(_conditions(list(known.values()))))


def _forbidding(known: dict[str, LicenceTerms], counts: Counter[str]) -> list[str]:
    clauses = []
    for words, terms in sorted(known.items()):
        pictures = f"{counts[words]:,} picture{'s' if counts[words] != 1 else ''}"
        if terms.kind == "closed":
            clauses.append(f"{pictures}: {terms.says}, so that what is made from them may not be given to others")
        elif "nd" in terms.elements:
            clauses.append(f"{pictures} under {terms.says}, which forbids giving to others what is made from them")
    return clauses


def _contradicting(terms: list[LicenceTerms]) -> list[str]:
    """Share-alike licences that each ask for themselves, and such that forbid what another asks for."""
    alike = sorted({(one.kind, one.elements, one.spdx) for one in terms if one.kind == "odbl" or "sa" in one.elements},
                   key=lambda one: one[2])  # fmt: skip
    names = [name for _, _, name in alike]
    sorts = {(kind, elements) for kind, elements, _ in alike}
    first = {name for _, elements, name in alike if name.endswith("-1.0") and elements}  # asks for its own version
    if len(sorts) > 1 or (first and len(names) > 1):
        return [f"{' and '.join(names)} contradict one another: each asks to be the licence of what is made from both"]
    non_commercial = sorted({one.says for one in terms if "nc" in one.elements and "sa" not in one.elements})
    open_ones = [name for kind, elements, name in alike if kind == "odbl" or "nc" not in elements]
    if non_commercial and open_ones:
        both = " and ".join([*open_ones, *non_commercial])
        return [f"{both} contradict one another: one asks for use of every kind, the other for non-commercial use only"]
    return []


def _unknown(strange: dict[str, int], total: int) -> list[str]:
    missing = strange.get("", 0)
    clauses = [f"the licence of {missing:,} of {total:,} pictures is not stated"] if missing else []
    names = sorted(set(strange) - {""})
    clauses += [f"{name!r} is no licence that this program knows: read what it asks for" for name in names]
    return clauses or ["nobody says what licences its pictures have"] if not total else clauses


def _fitting(terms: list[LicenceTerms]) -> tuple[Verdict, str]:
    """The licence that has at least the elements of all, in the newest version of those; nothing contradicts."""
    if any(one.kind == "odbl" for one in terms):
        return "one", "ODbL-1.0"
    commons = [one for one in terms if one.kind == "cc"]
    if commons:
        elements = frozenset[str]().union(*(one.elements for one in commons))
        alike = [one for one in commons if "sa" in one.elements]
        return "one", _creative_commons(elements, max(one.version for one in alike or commons)).spdx
    names = {one.spdx for one in terms if one.kind == "permissive"}
    if names or any(one.kind == "own" for one in terms):
        alone = len(names) == 1 and all(one.kind != "own" for one in terms)
        return ("one", names.pop()) if alone else ("free", "")
    named = sorted({one.spdx for one in terms} - {""})
    return "one", named[0] if named else ""


def _conditions(terms: list[LicenceTerms]) -> list[str]:
    """What those who give it on, or use it, keep to."""
    elements = frozenset[str]().union(*(one.elements for one in terms))
    clauses = ["it may be used for non-commercial purposes only"] if "nc" in elements else []
    if "sa" in elements or any(one.kind == "odbl" for one in terms):
        clauses.append("what is made from it has the same licence again")
    clauses += ["the authors of its pictures are named with it"] if "by" in elements else []
    notices = sorted({one.spdx for one in terms if one.kind == "permissive"})
    clauses += [f"the notices of {', '.join(notices)} are kept with it"] if notices else []
    return clauses
