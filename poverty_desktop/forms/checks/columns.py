"""The columns of an XLSForm: one name each, whatever alias, grouping or language stands in the title.

Source of the names: the XLSForm reference table, and the aliases that pyxform accepts.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_ALIASES = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "readonly": "read_only",
    "calculate": "calculation",
    "relevance": "relevant",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "noapperrorstring": "no_app_error_string",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "set_form_id": "form_id",
    "id_string": "form_id",
    "set_form_title": "form_title",
    "title": "form_title",
    "media::image": "image",
    "media::big-image": "big-image",
    "media::audio": "audio",
    "media::video": "video",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "bind::required": "required",
    "bind::readonly": "read_only",
    "bind::calculate": "calculation",
    "bind::jr:constraintMsg": "constraint_message",
    "bind::jr:requiredMsg": "required_message",
    "bind::type": "bind::type",
    "control::appearance": "appearance",
    "control::jr:count": "repeat_count",
    "body::appearance": "appearance",
    "body::jr:count": "repeat_count",
}
_GROUPS = {"media", "bind", "control", "body", "instance", "attribute"}
TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video")

SURVEY = frozenset(
    {"type", "name", "calculation", "relevant", "required", "read_only", "constraint", "choice_filter", "appearance", "default"}
    | {"parameters", "repeat_count", "trigger", "save_to", "autoplay", "rows", "query", "disabled", "compact_tag", "list_name"}
    | {"no_app_error_string", "body::accuracythreshold", "sms_field", "sms_option", "sms_separator", "sms_allow_media"}
    | {"sms_date_format", "sms_datetime_format", "sms_response", *TRANSLATED}
)
CHOICES = frozenset({"list_name", "name", "sms_option", "label", "image", "big-image", "audio", "video"})
SETTINGS = frozenset(
    {"form_id", "form_title", "version", "default_language", "instance_name", "public_key", "submission_url", "style", "name"}
    | {"namespaces", "auto_send", "auto_delete", "allow_choice_duplicates", "clean_text_values", "omit_instanceid", "delimiter"}
    | {"prefix", "sms_keyword", "sms_separator", "sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_response"}
    | {"instance_xmlns", "client_editable", "add_none_option", "entity_version", "flat"}
)


@dataclass(frozen=True)
class Column:
    """A titled column. `key` tells its languages apart: "label::English"; `name` is "label" for all of them."""

    index: int
    title: str
    name: str
    language: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}::{self.language}" if self.language else self.name

    @property
    def custom(self) -> bool:
        """An attribute that the form adds to the XForm by itself: "bind::pd:tone", "attribute::official"."""
        return "::" in self.name


def read_columns(titles: Sequence[str]) -> tuple[Column, ...]:
    """The columns with a title. A title is split at "::", or at ":" where no title of the sheet has "::", as pyxform does."""
    double = any("::" in title for title in titles)
    return tuple(_column(index, title, "::" if double else ":") for index, title in enumerate(titles) if title)


def _column(index: int, title: str, mark: str) -> Column:
    parts = [part.strip() for part in title.split(mark)] if mark == "::" or "jr:" not in title else [title]
    head = "_".join(parts[0].split()).lower()
    rest = parts[1:]
    if head in _GROUPS and rest:
        head, rest = f"{head}::{rest[0]}", rest[1:]
    name = _ALIASES.get(head, head)
    return Column(index, title, name, rest[0] if rest else "")


def nearest(name: str, known: Collection[str]) -> str:
    """The known name that is most like this one, "" when none is."""
    return next(iter(difflib.get_close_matches(name, sorted(known), 1, 0.7)), "")
