"""One list of households as screens ask for it: a search is asked again with every key, so its first page is one screen of
lines and is not counted to the end; the screen asks for the count when the lines are shown."""

from __future__ import annotations

from poverty_desktop.services.ports import Lists, Page

SCREEN = 26  # lines: a window that fills 1920 x 1080 shows 25; a higher one asks for the next page at once
PAGE = 200


def found(lists: Lists, text: str, village_id: str | None, survey_state: str | None, offset: int) -> Page:
    """The page from `offset`; of the first of a search the total may be said as `at_least`."""
    first = bool(text.strip()) and offset == 0
    return lists.households(
        text, village_id=village_id, survey_state=survey_state, limit=SCREEN if first else PAGE, offset=offset, counted=not first
    )


def counted(lists: Lists, text: str, village_id: str | None, survey_state: str | None) -> int:
    """How many households the pages give in all, counted up to 10,000."""
    return lists.households(text, village_id=village_id, survey_state=survey_state, limit=0).total
