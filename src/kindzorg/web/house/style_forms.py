"""A name, a logo and colours as typed, or as a file of tokens of NL Design System."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language

from kindzorg.core.errors import DomainError, Invalid
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.people.house.rules import LONGEST_NAME, NewStyle, check_style
from kindzorg.record.files.pages import errors_for as errors_of_file
from kindzorg.record.files.rules import AttachmentKind, check_size, prepared
from kindzorg.ui.colours import COLOUR, HOVER, MODES, TOKENS, Weak, completed, theme
from kindzorg.ui.wording import add_to_form

PICTURES = "image/jpeg,image/png,image/webp"
TOKENS_KILOBYTES = 100
# Names that themes of NL Design System give the same colour. [GK] After the tokens of the Utrecht theme.
SAME = {
    "utrecht-link-color": "brand",
    "utrecht-button-primary-action-background-color": "brand-fill",
}


def say(key: str, **given: object) -> str:
    """A text of these pages."""
    return text(f"web.own_style.{key}", Audience.PROFESSIONAL, (get_language() or "nl")[:2]).format(**given)


def tokens_in(raw: bytes) -> dict[str, dict[str, str]]:
    """The colours that a file of tokens holds: mode -> token -> "#rrggbb". Raises Invalid."""
    try:
        read = json.loads(raw.decode("utf-8-sig"))
        values = dict(_flat(read, ())) if isinstance(read, dict) else {}
    except (ValueError, RecursionError):
        raise Invalid("tokens_not_json", fields=("tokens",)) from None
    found: dict[str, dict[str, str]] = {}
    for path, value in values.items():
        mode = "dark" if "dark" in path else "light"
        name = "-".join(part for part in path if part not in MODES)
        token = SAME.get(name) or (name.removeprefix("kz-color-") if name.startswith("kz-color-") else "")
        if token in TOKENS:
            found.setdefault(mode, {})[token] = _colour(value, values)
    if not found:
        raise Invalid("tokens_none", fields=("tokens",))
    return found


def _flat(group: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every token with its path, as Style Dictionary ("value") and the community group ("$value") write them."""
    for name, one in group.items():
        if name in ("value", "$value") and not isinstance(one, dict):
            yield path, str(one)
        elif isinstance(one, dict):
            yield from _flat(one, (*path, *str(name).split(".")))


def _colour(value: str, values: Mapping[tuple[str, ...], str]) -> str:
    """A colour, also where it is named by the path of another token ({kz.color.blue})."""
    for _step in range(10):
        if not (named := re.fullmatch(r"\{(.+?)(\.value)?\}", value.strip())):
            break
        value = values.get(tuple(named[1].split(".")), "")
    said = value.strip().lower()
    if re.fullmatch("#[0-9a-f]{3}", said):
        said = "#" + "".join(part * 2 for part in said[1:])
    if not COLOUR.fullmatch(said):
        raise Invalid("tokens_colour", fields=("tokens",), value=value)
    return said


class StyleForm(forms.Form):
    """Name, logo, and per mode the colours. The form is `multipart/form-data`."""

    name = forms.CharField(max_length=LONGEST_NAME)
    logo = forms.FileField(
        required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": PICTURES})
    )
    without_logo = forms.BooleanField(required=False)

    mark_optional = False

    def __init__(self, data: Any, files: Any, organisation: Any) -> None:
        now = organisation.style
        super().__init__(data, files, initial={"name": now.name if now else organisation.name[:LONGEST_NAME]})
        self.logo_now = bytes(now.logo) if now and now.logo else None
        there = completed(now.colours if now else {})
        for field in ("name", "logo", "without_logo"):
            self.fields[field].label = say(field)
        self.fields["logo"].help_text = say("logo_hint")
        self.fields["name"].error_messages["required"] = say("name_length", longest=LONGEST_NAME)
        if self.logo_now is None:
            del self.fields["without_logo"]
        for mode in MODES:
            for token in TOKENS:
                self.fields[f"{mode}-{token}"] = forms.RegexField(
                    COLOUR,
                    label=say(token, mode=say(mode)),
                    initial=there[mode][token],
                    widget=forms.TextInput(attrs={"type": "color"}),
                    error_messages={"invalid": say("colour_not_known"), "required": say("colour_not_known")},
                )
        self.fields["tokens"] = forms.FileField(
            required=False,
            allow_empty_file=True,
            label=say("tokens"),
            help_text=say("tokens_hint"),
            widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
        )

    def clean(self) -> dict[str, Any]:
        """The style, ready to be kept: refused at the field where it cannot be."""
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            given["style"] = NewStyle(given["name"], self._logo(given), self._colours(given))
            check_style(given["style"])
        except Invalid as error:
            if error.code == "colours_weak":
                for field, words in _weak(error.data["weak"]):  # type: ignore[arg-type]
                    self.add_error(field, words)
            else:
                add_to_form(self, error, errors_for(error))
        return given

    def _logo(self, given: Mapping[str, Any]) -> bytes | None:
        chosen, most = given.get("logo"), settings.KINDZORG_FILE_MEGABYTES
        if chosen is None:
            return None if given.get("without_logo") else self.logo_now
        try:
            check_size(chosen.size or 0, most)  # Before it is read.
            made = prepared(chosen.read(), most)
        except Invalid as error:
            raise Invalid(error.code, fields=("logo",), **error.data) from None
        if made.kind is not AttachmentKind.PHOTO:
            raise Invalid("logo_not_fit", fields=("logo",))
        return made.small

    def _colours(self, given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """What differs from the theme; what a file says goes before the fields."""
        filed = given.get("tokens")
        if filed is not None and filed.size > TOKENS_KILOBYTES * 1024:
            raise Invalid("tokens_not_json", fields=("tokens",))
        told = tokens_in(filed.read()) if filed is not None else {}
        said = {
            mode: {token: told.get(mode, {}).get(token) or given[f"{mode}-{token}"] for token in TOKENS}
            for mode in MODES
        }
        shipped = {mode: {token: theme()[mode][token] for token in TOKENS} for mode in MODES}
        return {} if said == shipped else said


def errors_for(error: DomainError) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    if error.code.startswith(("file_", "picture_")):
        return errors_of_file(error, Audience.PROFESSIONAL)
    said = say(error.code, **{"longest": LONGEST_NAME, "value": "", **error.data})
    return {error.code: said.replace("%", "%%")}


def _weak(found: Iterable[Weak]) -> Iterator[tuple[str, str]]:
    """Per colour that was chosen, with what it has too little contrast and how much that is."""
    fields: dict[tuple[str, float], list[str]] = {}
    for one in found:
        chosen, beside = (one.one, one.other) if one.one in TOKENS else (one.other, one.one)
        field = f"{one.mode}-{'brand-fill' if chosen == HOVER else chosen}"
        said = say("weak_one", found=_number(one.found), other=say(f"is_{beside}"))
        fields.setdefault((field, one.least), []).append(said)
    for (field, least), parts in fields.items():
        yield field, say("colours_weak", found=", ".join(dict.fromkeys(parts)), least=_number(least))


def _number(value: float) -> str:
    said = f"{value:.2f}".rstrip("0").rstrip(".")
    return said.replace(".", ",") if (get_language() or "nl").startswith("nl") else said
