"""The emergency card: for who reads the file, given away with a square code, and for who holds such a card."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, system_actor
from kindzorg.access.roles import Hat
from kindzorg.careplan.annex.pages import card_block
from kindzorg.careplan.annex.queries import on_card
from kindzorg.careplan.cards.actions import end_card, give_card, open_card
from kindzorg.careplan.cards.queries import card_at, cards_for, what_if
from kindzorg.careplan.pages import agreement_row
from kindzorg.careteam.emergencies.queries import family_to_tell
from kindzorg.careteam.queries import OpenedChild, actor_for, child_for, open_child, team_for
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.languages import LENDER, TRANSLATED
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.core.walls import behind_wall
from kindzorg.journey.views import age_words, child_frame
from kindzorg.needs.portrait.queries import portrait_for
from kindzorg.needs.portrait.rules import PortraitTopic
from kindzorg.record.pages import card_page
from kindzorg.record.queries import known_for
from kindzorg.ui.pdf import make_pdf
from kindzorg.ui.translation import said, speaking
from kindzorg.ui.wording import add_to_form
from kindzorg.web.address import address_of
from kindzorg.web.card_forms import CardForm
from kindzorg.web.card_paper import card_data
from kindzorg.web.squares import square_code

DOOR = system_actor("emergency card")
# What a passer-by keeps of it is nothing: not on the way, not in a search engine, not in the next page's log.
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
# Of who the child is, what somebody needs who never met it.
MEETS = (PortraitTopic.FIRST, PortraitTopic.COMFORT)


class Say:
    """The texts of these pages for one reader: `{{ t.title }}`."""

    def __init__(self, audience: str) -> None:
        self.audience = audience

    def __getitem__(self, key: str) -> str:
        return text(f"web.card.{key}", self.audience, speaking())


def _for_helpers() -> AbstractContextManager[None]:
    """In the language of the page if it is complete, else in Dutch: who comes to help must be able to read it."""
    return translation.override(LENDER) if speaking() in TRANSLATED else nullcontext()


def child_card(request: Any, child_id: UUID) -> HttpResponse:
    """What somebody who does not know the child must know now. To be printed, or given away."""
    opened = open_child(request.actor, child_id, "record.read", "card.read", request.now)
    dutch = "dutch" in request.GET
    helpers = said("helpers_dutch", speaking()) if speaking() in TRANSLATED and not dutch else ""
    with _for_helpers() if dutch else nullcontext():
        return _page(request, opened, "card", helpers=helpers, **_card(request, request.actor, opened))


def card_pdf(request: Any, child_id: UUID) -> HttpResponse:
    """The card as a file, to be kept on a telephone where there is no connection. That it was taken out stands in the
    trail."""
    opened = open_child(request.actor, child_id, "record.read", "card.taken_out", request.now)
    with _for_helpers():
        shown = card_data(_card(request, request.actor, opened), Say(opened.audience), request.today)
        answer = HttpResponse(make_pdf("web", "card", shown), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(shown["title"])}.pdf"'
    return answer


def _card(request: Any, actor: Actor, opened: OpenedChild, *, outside: bool = False) -> dict[str, Any]:
    """The card as this actor may see it; `outside` for who holds a card that was given away."""
    about = (actor, opened.subject, request.today)
    plan, held = what_if(*about)
    topics = portrait_for(*about) if policy.may(actor, "portrait.read", *about[1:]) else ()
    met = {one.topic: one.pieces for one in topics if one.topic in MEETS}
    return {
        **card_page(opened, known_for(*about), team_for(*about)),
        "plan": plan,
        "annex": card_block(on_card(*about, outside=outside), opened.audience, request.today),
        "what_ifs": [agreement_row(one, opened) for one in held],
        "meets": [piece.words for key in MEETS for piece in met.get(key, ())],
        "age": age_words(opened.child.birth_date, request.today),
        "child": opened.child,
    }


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    shares = policy.could(request.actor, "card.share", opened.subject, request.today)
    frame = {**child_frame(request, opened, "record"), "t": Say(opened.audience), "shares": shares}
    frame |= {"may_cards": policy.may(request.actor, "howto.read", opened.subject, request.today)}
    return render(request, f"web/{name}.html", {**frame, **context})


def card_share(request: Any, child_id: UUID) -> HttpResponse:
    """Giving a card away, and the cards that were given: who looked, and taking one back."""
    opened = open_child(request.actor, child_id, "card.share", "card.list_read", request.now)
    form = CardForm(request.POST or None, audience=opened.audience)
    if request.method == "POST" and form.is_valid():
        try:
            secret = give_card(request.actor, opened.subject, form.new(), request.now)
        except Invalid as error:
            add_to_form(form, error, form.words)
        else:
            return _given(request, opened, secret, form)
    given = cards_for(request.actor, opened.subject, request.now)
    return _page(request, opened, "card_share", form=form, given=given)


def _given(request: Any, opened: OpenedChild, secret: str, form: CardForm) -> HttpResponse:
    """The card with its square code. It is shown this once: the secret in it is not kept."""
    link = request.build_absolute_uri(reverse("card_open", args=[secret]))
    # What is printed with the square is given away too.
    shown = _card(request, request.actor, opened, outside=True)
    return _page(
        request, opened, "card", **shown, link=link, square=square_code(link), label=form.new().label
    )


@require_POST
def card_end(request: Any, child_id: UUID, link_id: UUID) -> HttpResponse:
    """Taking a card back: it shows nothing from now on."""
    opened = child_for(request.actor, child_id, request.today)
    end_card(request.actor, opened.subject, link_id, request.now)
    return redirect("card_share", child_id)


@csrf_exempt  # Nobody is signed in here: there is nothing that another site could do in somebody's name.
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def card_open(request: Any, secret: str) -> HttpResponse:
    """What the square code leads to. It shows on a press of the button: what fetches a link sees nothing."""
    try:
        with behind_wall(DOOR.id, request.today, at=request.now, system=True):
            link = card_at(DOOR, secret, request.now)
        if request.method != "POST":
            return _outside(request, "card_door")
        maker = _maker(request, link)
        with behind_wall(maker.id, request.today, at=request.now, hat=Hat.FAMILY):
            return _outside(request, "card_outside", **_opened(request, maker, link))
    except (Missing, Refused):
        return _outside(request, "card_over", status=404)
    except Invalid:
        return _outside(request, "card_busy", status=429)


def _maker(request: Any, link: Any) -> Actor:
    """Who gave the card, with the rights of now, never surer than when it was made."""
    known = actor_for(link.made_by, assurance=Assurance(link.level), at=request.now)
    return replace(policy.wearing(known, Hat.FAMILY), floor=settings.KINDZORG_LEVELS[Hat.FAMILY])


def _opened(request: Any, maker: Actor, link: Any) -> dict[str, Any]:
    opened = child_for(maker, link.child_id, request.today)
    family = family_to_tell(DOOR, opened.child, request.today)
    open_card(maker, opened.subject, link, family, address_of(request), request.now)
    return {**_card(request, maker, opened, outside=True), "until": link.ends_at}


def _outside(request: Any, name: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page for who is not signed in."""
    context = {"t": Say(Audience.PARENT), "today": request.today, **context}
    page = render_to_string(f"web/{name}.html", context, request)
    return HttpResponse(page, status=status, headers=HEADERS)
