"""The addresses: each room brings its own."""

from importlib.util import find_spec

from django.urls import include, path

from kindzorg.demo.practice import begin_anew

ROOMS = ("ui", "record", "referral", "needs", "careplan", "closure", "keeping", "fhir")

urlpatterns = [
    path("", include("kindzorg.web.urls")),
    path("practice/anew", begin_anew, name="begin_anew"),
    *(
        path("", include(f"kindzorg.{room}.urls"))
        if room != "ui"
        else path("ui/", include("kindzorg.ui.urls"))
        for room in ROOMS
        if find_spec(f"kindzorg.{room}") and find_spec(f"kindzorg.{room}.urls")
    ),
]

handler403 = handler404 = "kindzorg.web.errors.not_found"
handler500 = "kindzorg.web.errors.broken"
