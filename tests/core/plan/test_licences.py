"""The licence of the whole: names as people write them, combinations by Creative Commons' own chart, warnings."""

from __future__ import annotations

import itertools

import pytest

from fgbg_studio.core.plan.licences import terms_of, whole_licence

CHART = {
    ("PD", "PD"): "", ("PD", "BY"): "CC-BY-4.0", ("PD", "SA"): "CC-BY-SA-4.0", ("PD", "NC"): "CC-BY-NC-4.0",
    ("PD", "NC-SA"): "CC-BY-NC-SA-4.0", ("BY", "BY"): "CC-BY-4.0", ("BY", "SA"): "CC-BY-SA-4.0",
    ("BY", "NC"): "CC-BY-NC-4.0", ("BY", "NC-SA"): "CC-BY-NC-SA-4.0", ("SA", "SA"): "CC-BY-SA-4.0",
    ("NC", "NC"): "CC-BY-NC-4.0", ("NC", "NC-SA"): "CC-BY-NC-SA-4.0", ("NC-SA", "NC-SA"): "CC-BY-NC-SA-4.0",
}  # fmt: skip
"""Creative Commons' compatibility chart: the pairs that go together, and the licence with the elements of both."""
SAID = {
    "PD": "public domain", "BY": "CC BY 4.0", "SA": "CC BY-SA 4.0", "NC": "CC BY-NC 4.0", "NC-SA": "CC BY-NC-SA 4.0",
    "ND": "CC BY-ND 4.0", "NC-ND": "CC BY-NC-ND 4.0",
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations_with_replacement(SAID, 2)))
def test_every_pair_of_the_chart(one: str, other: str) -> None:
    found = whole_licence([SAID[one], SAID[other]])
    assert found == whole_licence([SAID[other], SAID[one]])
    if (one, other) in CHART:
        assert (found.verdict, found.spdx) == ("one", CHART[one, other])
    else:
        assert (found.verdict, found.spdx, found.hub) == ("forbidden", "", "other")
        assert found.clauses


@pytest.mark.parametrize(
    ("said", "spdx"),
    [
        ("CC BY 4.0", "CC-BY-4.0"), ("cc-by-4.0", "CC-BY-4.0"), ("CC BY", "CC-BY-4.0"),
        ("CC-BY-SA 2.0", "CC-BY-SA-2.0"),
        ("Creative Commons Attribution 3.0 Unported", "CC-BY-3.0"), ("CC BY-NC-SA v3.0", "CC-BY-NC-SA-3.0"),
        ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International", "CC-BY-NC-ND-4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"), ("CC0", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"), ("MIT", "MIT"), ("MIT License", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"), ("BSD-3-Clause", "BSD-3-Clause"), ("ODbL", "ODbL-1.0"),
    ],
)  # fmt: skip
def test_names_as_people_write_them(said: str, spdx: str) -> None:
    terms = terms_of(said)
    assert terms
    assert terms.spdx == spdx


@pytest.mark.parametrize("said", ["", "Flickr", "free", "CC", "CC SA", "CC BY-SA-ND 4.0", "GPL-3.0", "4.0", "by"])
def test_what_is_no_known_licence(said: str) -> None:
    assert terms_of(said) is None
    found = whole_licence([said, "CC BY 4.0"])
    assert (found.verdict, found.spdx, found.hub) == ("unknown", "", "unknown")
    assert ("not stated" if not said else repr(said)) in found.clauses[0]


def test_share_alike_takes_the_later_version_but_the_first_asks_for_itself() -> None:
    assert whole_licence(["CC BY-SA 2.0", "CC BY-SA 3.0", "CC BY 4.0"]).spdx == "CC-BY-SA-3.0"
    assert whole_licence(["CC BY-SA 1.0"]).spdx == "CC-BY-SA-1.0"
    assert whole_licence(["CC BY-SA 1.0", "CC BY-SA 4.0"]).verdict == "forbidden"


def test_licences_of_programs_and_data() -> None:
    assert whole_licence(["MIT", "CC0"]).spdx == "MIT"
    assert whole_licence(["MIT", "CC BY-SA 4.0"])[:2] == ("one", "CC-BY-SA-4.0")
    assert "the notices of MIT are kept with it" in whole_licence(["MIT", "CC BY-SA 4.0"]).clauses
    assert whole_licence(["MIT", "BSD-3-Clause"])[:2] == ("free", "")
    assert whole_licence(["ODbL", "CC BY 4.0"]).hub == "odbl"
    assert whole_licence(["ODbL", "CC BY-SA 4.0"]).verdict == "forbidden"
    assert whole_licence(["ODbL", "CC BY-NC 4.0"]).verdict == "forbidden"


def test_own_pictures_leave_the_choice_and_closed_ones_none() -> None:
    assert whole_licence(["own work", "public domain"])[:2] == ("free", "")
    assert whole_licence(["own work", "CC BY 4.0"]).spdx == "CC-BY-4.0"
    found = whole_licence(["All rights reserved", "All rights reserved", "CC0", ""])
    assert found.verdict == "forbidden"
    assert found.clauses[0].startswith("2 pictures: All rights reserved")
    assert found.clauses[1] == "the licence of 1 of 4 pictures is not stated"


def test_words_for_the_hub_and_addresses() -> None:
    assert whole_licence(["CC BY-NC-SA 4.0"]).hub == "cc-by-nc-sa-4.0"
    assert whole_licence(["CC BY-NC-SA 4.0"]).address == "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    assert whole_licence(["CC0"]).address == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert whole_licence(["public domain"]).said == "public domain"
    assert whole_licence(["public domain"]).hub == "other"
    assert whole_licence([]).verdict == "unknown"
