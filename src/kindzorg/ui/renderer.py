"""Forms as our fields: FORM_RENDERER = "kindzorg.ui.renderer.Renderer"."""

from typing import Any

from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

OWN_TEMPLATES = {
    "django/forms/widgets/radio.html": "ui/widgets/options.html",
    "django/forms/widgets/checkbox_select.html": "ui/widgets/options.html",
}

CLASSES = {
    "django/forms/widgets/textarea.html": "kz-textarea",
    "django/forms/widgets/select.html": "kz-select",
    "django/forms/widgets/select_date.html": "kz-select",
    "django/forms/widgets/checkbox.html": "kz-option__input",
}

PLAIN = {"hidden", "checkbox", "radio", "submit"}


class Renderer(BaseRenderer):
    """Django's forms with our form and field templates, and our class on each control.

    A template is looked for in the project; one that only Django has is taken from Django, so that "django.forms"
    need not be an installed app.
    """

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def __init__(self) -> None:
        self._django = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return get_template(OWN_TEMPLATES.get(template_name, template_name))
        except TemplateDoesNotExist:
            return self._django.get_template(template_name)

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if "widget" in context:
            _dress(context["widget"])
        return super().render(template_name, context, request)


def _dress(widget: dict[str, Any]) -> None:
    """Give a widget, and each part of a compound one, the class of its kind beside the classes it has."""
    kind = CLASSES.get(widget["template_name"])
    if not kind and "type" in widget and widget["type"] not in PLAIN:
        kind = "kz-textbox"
    if kind:
        attrs = widget["attrs"]
        attrs["class"] = " ".join(filter(None, (kind, attrs.get("class"))))
    for part in widget.get("subwidgets", ()):
        _dress(part)
