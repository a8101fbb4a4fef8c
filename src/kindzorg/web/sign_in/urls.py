"""The addresses of the door. Of allauth's pages only these are there: nobody signs up, no code comes by SMS."""

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.urls import path, re_path

from kindzorg.web.sign_in import demo, door, hats, idle, kept, openid, passwords, second_step, views

urlpatterns = [
    path("sign-in", door.sign_in, name="sign_in"),
    path("sign-in/account", door.REAL, name="account_login"),
    path("sign-in/person", demo.choose_person, name="choose_person"),
    path("sign-in/code", base.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>", openid.go, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back", openid.back, name="openid_connect_callback"),
    path("sign-in/stopped", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    path("sign-in/strength", passwords.strength, name="password_strength"),
    path("sign-in/forgotten", account.password_reset, name="account_reset_password"),
    path("sign-in/forgotten/sent", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sign-in/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    re_path(r"^sign-in/confirm/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("sign-in/again", views.Again.as_view(), name="account_reauthenticate"),
    path("sign-in/again/code", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("sign-in/again/passkey", views.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sign-in/stronger", second_step.stronger, name="stronger"),
    path("sign-in/onward", second_step.onward, name="onward"),
    path("sign-out", door.sign_out, name="sign_out"),
    path("account", door.account, name="account"),
    path("account/hat", hats.hat, name="hat"),
    path("account/email", views.Email.as_view(), name="account_email"),
    path("account/password", views.ChangePassword.as_view(), name="account_change_password"),
    path("account/password/first", views.FirstPassword.as_view(), name="account_set_password"),
    path("account/devices", views.Devices.as_view(), name="usersessions_list"),
    path("account/providers", views.Connections.as_view(), name="socialaccount_connections"),
    path("account/second-step", base.index, name="mfa_index"),
    path("account/second-step/app", views.TieApp.as_view(), name="mfa_activate_totp"),
    path("account/second-step/app/remove", views.UntieApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second-step/codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new", views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/passkeys/add", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("session/stay", idle.session_stay, name="session_stay"),
    path("session/left", idle.session_left, name="session_left"),
    path("session/end", idle.session_end, name="session_end"),
    path("session/keep", kept.session_keep, name="session_keep"),
    path("session/kept", kept.session_kept, name="session_kept"),
    path("session/kept/fields", kept.session_fields, name="session_fields"),
    path("session/kept/<uuid:form_id>/page", kept.session_page, name="session_page"),
    path("session/kept/<uuid:form_id>/send", kept.session_send, name="session_send"),
    path("session/kept/<uuid:form_id>/drop", kept.session_drop, name="session_drop"),
]
