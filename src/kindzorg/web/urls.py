"""The addresses of pages that put rooms together."""

from django.urls import include, path

from kindzorg.web import (
    coach,
    coaching,
    consents,
    emergencies,
    emergency_card,
    hard_words,
    health,
    home,
    notices,
    responsibilities,
    trail,
    trail_desk,
)
from kindzorg.web import trail_questions as questions
from kindzorg.web.accessibility import accessibility
from kindzorg.web.attachments import attachment
from kindzorg.web.authority import child_authority
from kindzorg.web.birthday import child_birthday
from kindzorg.web.calendar import views as calendar_views
from kindzorg.web.care_map import child_map
from kindzorg.web.child_start import child_start
from kindzorg.web.copies.views import child_copy
from kindzorg.web.differ import child_differ
from kindzorg.web.first_time import first_time
from kindzorg.web.guidance import explained, guidance
from kindzorg.web.house import style, texts
from kindzorg.web.language import set_language
from kindzorg.web.medication import child_medication
from kindzorg.web.news import child_news
from kindzorg.web.saying import child_say
from kindzorg.web.search.views import child_search
from kindzorg.web.spoken import spoken
from kindzorg.web.team import child_help, child_team
from kindzorg.web.way import child_timeline
from kindzorg.web.wishes import child_wishes
from kindzorg.web.words import words

TEAM = "children/<uuid:child_id>/team"
ATTACHMENT = "children/<uuid:child_id>/attachments/<uuid:attachment_id>"

urlpatterns = [
    path("", home.root),
    path("start", home.home, name="home"),
    path("words", hard_words.hard_words, name="hard_words"),
    path("coach", coach.coach, name="coach"),
    path("coach/start", coach.coach_start, name="coach_start"),
    path("children/<uuid:child_id>/", child_start, name="child_start"),
    path("children/<uuid:child_id>/first/<int:number>", first_time, name="first_time"),
    path("children/<uuid:child_id>/guidance", guidance, name="guidance"),
    path("explained", explained, name="explained"),
    path("children/<uuid:child_id>/news", child_news, name="child_news"),
    path("children/<uuid:child_id>/birthday", child_birthday, name="child_birthday"),
    path("children/<uuid:child_id>/authority", child_authority, name="child_authority"),
    path("children/<uuid:child_id>/wishes", child_wishes, name="child_wishes"),
    path("children/<uuid:child_id>/differ", child_differ, name="child_differ"),
    path("children/<uuid:child_id>/team", child_team, name="child_team"),
    path(f"{TEAM}/map", child_map, name="child_map"),
    path(f"{TEAM}/responsibilities", responsibilities.responsibilities, name="responsibilities"),
    path(
        f"{TEAM}/responsibilities/<slug:domain>",
        responsibilities.responsibility_lead,
        name="responsibility_lead",
    ),
    path(
        f"{TEAM}/responsibilities/<slug:domain>/new",
        responsibilities.responsibility_new,
        name="responsibility_new",
    ),
    path(
        f"{TEAM}/responsibility/<uuid:responsibility_id>",
        responsibilities.responsibility,
        name="responsibility",
    ),
    path(f"{TEAM}/<uuid:relative_id>/language", spoken, name="spoken"),
    path("children/<uuid:child_id>/coach", coaching.coaching, name="coaching"),
    path("children/<uuid:child_id>/coach/offer", coaching.coaching_offer, name="coaching_offer"),
    path("children/<uuid:child_id>/coach/answer", coaching.coaching_answer, name="coaching_answer"),
    path("children/<uuid:child_id>/coach/hear", coaching.coaching_hear, name="coaching_hear"),
    path("children/<uuid:child_id>/card", emergency_card.child_card, name="child_card"),
    path("children/<uuid:child_id>/card.pdf", emergency_card.card_pdf, name="card_pdf"),
    path("children/<uuid:child_id>/card/share", emergency_card.card_share, name="card_share"),
    path("children/<uuid:child_id>/card/<uuid:link_id>/end", emergency_card.card_end, name="card_end"),
    path("card/<str:secret>", emergency_card.card_open, name="card_open"),
    path("children/<uuid:child_id>/help", child_help, name="child_help"),
    path("children/<uuid:child_id>/way", child_timeline, name="child_timeline"),
    path("children/<uuid:child_id>/trail", trail.child_trail, name="child_trail"),
    path("children/<uuid:child_id>/trail/paper", trail.child_trail_paper, name="child_trail_paper"),
    path("children/<uuid:child_id>/trail/file", trail.child_trail_file, name="child_trail_file"),
    path("children/<uuid:child_id>/trail/ask", questions.child_trail_ask, name="child_trail_ask"),
    path(
        "children/<uuid:child_id>/trail/questions/<uuid:question_id>",
        questions.child_trail_question,
        name="child_trail_question",
    ),
    path("trail", trail_desk.trail_desk, name="trail_desk"),
    path("trail/questions/<uuid:question_id>", questions.trail_question, name="trail_question"),
    path("trail/seal", trail_desk.trail_seal_paper, name="trail_seal_paper"),
    path("trail/seal/mail", trail_desk.trail_seal_mail, name="trail_seal_mail"),
    path("", include("kindzorg.web.coming_in.urls")),
    path(ATTACHMENT, attachment, name="attachment"),
    path(f"{ATTACHMENT}/small", attachment, {"small": True}, name="attachment_small"),
    path("children/<uuid:child_id>/copy", child_copy, name="child_copy"),
    path("children/<uuid:child_id>/medication", child_medication, name="child_medication"),
    path("children/<uuid:child_id>/say", child_say, name="child_say"),
    path("children/<uuid:child_id>/words/<slug:of>/<uuid:object_id>", words, name="words"),
    path("children/<uuid:child_id>/search", child_search, name="child_search"),
    path("children/<uuid:child_id>/sharing", consents.sharing, name="sharing"),
    path("children/<uuid:child_id>/sharing/<uuid:party_id>", consents.sharing_party, name="sharing_party"),
    path("children/<uuid:child_id>/sharing/<uuid:party_id>/yes", consents.sharing_yes, name="sharing_yes"),
    path("children/<uuid:child_id>/sharing/<uuid:party_id>/no", consents.sharing_no, name="sharing_no"),
    path("children/<uuid:child_id>/sharing/<uuid:party_id>/done", consents.sharing_done, name="sharing_done"),
    path(
        "children/<uuid:child_id>/sharing/<uuid:party_id>/record",
        consents.sharing_record,
        name="sharing_record",
    ),
    path("children/<uuid:child_id>/sharing/<uuid:party_id>/ask", consents.sharing_ask, name="sharing_ask"),
    path("organisation/texts", texts.own_texts_page, name="own_texts"),
    path("organisation/texts/<str:key>/<slug:audience>/<slug:language>", texts.own_text, name="own_text"),
    path("organisation/style", style.own_style, name="own_style"),
    path("organisation/style/<uuid:style_id>", style.own_style_look, name="own_style_look"),
    path("style/<uuid:style_id>.css", style.house_css, name="house_css"),
    path("style/<uuid:style_id>/logo", style.house_logo, name="house_logo"),
    path("notices", notices.notices, name="notices"),
    path("notices/<uuid:notice_id>", notices.notice_open, name="notice_open"),
    path("emergency", emergencies.emergency, name="emergency"),
    path("emergency/reviews", emergencies.emergency_reviews, name="emergency_reviews"),
    path("emergency/reviews/<uuid:access_id>", emergencies.emergency_review, name="emergency_review"),
    path("calendar", calendar_views.calendar, name="calendar"),
    path("calendar/stop", calendar_views.calendar_stop, name="calendar_stop"),
    path("calendar/<str:secret>.ics", calendar_views.calendar_feed, name="calendar_feed"),
    path("", include("kindzorg.web.sign_in.urls")),
    path("language", set_language, name="set_language"),
    path("accessibility", accessibility, name="accessibility"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
