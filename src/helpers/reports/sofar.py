"""What the other pages of a report found, for the page that puts them together: the plan.

In a report `build` writes the results of the pages that ran before it, and hands
the folder over as the parameter `results`; so the plan speaks of the very run it
belongs to, and nothing is calculated a second time. In a lesson no pages have
run. There the sample company has a kept example, `data/reports/results.json`,
which is what `workbook report` writes for it (a test holds the two together);
on other data the learner makes the report once and names its folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers import words
from helpers.errors import DataError
from helpers.places import HOME, SAMPLE
from helpers.withheld import Withheld

PARAMETER = "results"
EXAMPLE = SAMPLE / "reports" / "results.json"
_WHAT = "What the other reports found"


def write_so_far(folder: Path, company: Any, parts: Mapping[str, Any]) -> None:
    """The results of the pages that have run, as results.json will have them.

    Parameters
    ----------
    folder : Path
    company : Company
    parts : dict of lesson id to its part of results.json
    """
    from helpers.reports.results import head, write_json

    write_json(head(company) | {"lessons": dict(parts)}, folder / "results.json")


def found_by_others(company: Any, *, results: str = "", data: str = "") -> dict[str, Any] | Withheld:
    """The content of results.json that a page may build on.

    Parameters
    ----------
    company : Company
        Of the page that asks; the results must be of the same company, currency and report date.
    results : str
        A report's folder or its results.json; empty in a lesson.
    data : str
        The lesson's own parameter: empty for the sample company, for which the kept example stands in.

    Returns
    -------
    dict, or Withheld where a lesson has no results of these data

    Raises
    ------
    DataError
        If the file is missing, damaged, without any page, or about something else.
    """
    if results:
        return _read(_place(results), company)
    if not data and company.is_sample and EXAMPLE.is_file():
        content = _json(EXAMPLE)
        if _about(content) == _about_of(company):
            return content
        return Withheld(
            _WHAT,
            f"The kept results are of {content['company']['as_of']}, this lesson is of {company.as_of.isoformat()}.",
            "Make a report of that day and set `results` to its folder.",
        )
    return Withheld(
        _WHAT,
        "The plan calculates nothing of its own, and no results of these data are at hand.",
        "Make the report first (`python workbook.py report --data ... --out my_report`), then set `results` to its folder: "
        "the plan stands in that report already, and can be worked on here.",
    )


def _place(results: str) -> Path:
    given = Path(results).expanduser()
    places = [given] if given.is_absolute() else [given, HOME / given]
    files = [place if place.suffix == ".json" else place / "results.json" for place in places]
    return next((file for file in files if file.is_file()), files[0])


def _read(path: Path, company: Any) -> dict[str, Any]:
    content = _json(path)
    if _about(content) != _about_of(company):
        name, currency, as_of = _about(content)
        raise DataError(
            f"The results are of {words.plain(name)} on {as_of} in {currency}, the data of {words.plain(company.name)} on "
            f"{company.as_of.isoformat()} in {company.currency}. Take the report that was made from these data."
        )
    if not content["lessons"]:
        raise DataError(
            "The plan reads what the other reports found, and this run has none of them. "
            "Leave --lessons out, or name the reports with it, as in --lessons 00a,03a,04,08."
        )
    return content


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] == 1 and isinstance(content["lessons"], dict) and _about(content):
            return content
    except OSError:
        raise DataError(f"There is no results.json in {path.parent.name}. Give the folder that `workbook report` wrote.") from None
    except (ValueError, KeyError, TypeError):
        pass
    raise DataError(f"{path.name} in {path.parent.name} is damaged, or of another version. Make the report again.")


def _about(content: Mapping[str, Any]) -> tuple[str, str, str]:
    own = content["company"]
    return own["name"], own["currency"], own["as_of"]


def _about_of(company: Any) -> tuple[str, str, str]:
    return company.name, company.currency, company.as_of.isoformat()


def renew() -> Path:
    """Write the kept example anew, from a report on the sample company."""
    import tempfile

    from helpers.reports.build import build
    from helpers.reports.results import write_json

    with tempfile.TemporaryDirectory(prefix="workbook-results-") as folder:
        outcome = build(out=Path(folder) / "out")
        content = _json(outcome.folder / "results.json")
    content["lessons"].pop("08", None)
    write_json(content, EXAMPLE)
    return EXAMPLE


if __name__ == "__main__":
    print(f"Wrote {renew()}")
