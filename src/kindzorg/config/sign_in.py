"""The settings of signing in: django-allauth, levels, idle ends. What an installation may change stands in README.

Imported whole by `settings.py`.
"""

from django.core.exceptions import ImproperlyConfigured

from kindzorg.access.assurance import Assurance
from kindzorg.config import env, openid

_DEMO = env.flag("KINDZORG_DEMO")

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
# Long enough and not known or guessable; no rules on digits and signs (NIST SP 800-63B, 3.1.1.2).
AUTH_PASSWORD_VALIDATORS = [{"NAME": "kindzorg.web.sign_in.passwords.GoodPassword"}]
# A reset link lasts a day: who asks for one is at the screen.
PASSWORD_RESET_TIMEOUT = 24 * 3600
CSRF_FAILURE_VIEW = "kindzorg.web.errors.stale"

# Rate limits and used codes must be the same for every process, so they live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kindzorg_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# --- levels and ends -----------------------------------------------------------------------------------------


def _level(name: str, default: Assurance) -> Assurance:
    try:
        return Assurance(env.word(name, default))
    except ValueError:
        raise ImproperlyConfigured(f"{name}: use one of {', '.join(Assurance)}.") from None


def _minutes(name: str, default: int) -> int:
    minutes = env.number(name, default)
    if not 1 <= minutes <= 240:
        raise ImproperlyConfigured(f"{name} is {minutes}: use 1 to 240 minutes.")
    return minutes


# What this installation asks at the least (te bevestigen: AP, the highest means that is widely available).
KINDZORG_LEVELS = {
    "family": _level("KINDZORG_FAMILY_LEVEL", Assurance.LOW),
    "professional": _level("KINDZORG_PROFESSIONAL_LEVEL", Assurance.SUBSTANTIAL),
}
if KINDZORG_LEVELS["professional"] == Assurance.LOW:
    raise ImproperlyConfigured(
        "KINDZORG_PROFESSIONAL_LEVEL: a password alone opens no child's file; use substantial."
    )
# Minutes without a sign of life after which a session ends; and hours after which it ends in any case.
KINDZORG_IDLE = {
    "family": _minutes("KINDZORG_IDLE_FAMILY", 60),
    "professional": _minutes("KINDZORG_IDLE_PROFESSIONAL", 15),
}
KINDZORG_LONGEST = 12
SESSION_COOKIE_AGE = KINDZORG_LONGEST * 3600

# --- django-allauth ------------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "kindzorg.web.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]  # only its check reads this: nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "sign_in"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_USER_DISPLAY = "kindzorg.web.sign_in.adapters.name_of"
# Passwords wait by our own rules (people.accounts.rules), which keep nobody out of their own device; so does asking
# for a reset. What is left here counts per account after a right password, or per address.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "reset_password": "20/m/ip",
    "signup": None,
}
ACCOUNT_FORMS = {
    "login": "kindzorg.web.sign_in.forms.SignInForm",
    "reset_password": "kindzorg.web.sign_in.forms.AskResetForm",
    "reset_password_from_key": "kindzorg.web.sign_in.forms.NewPasswordForm",
    "change_password": "kindzorg.web.sign_in.forms.ChangePasswordForm",
    "set_password": "kindzorg.web.sign_in.forms.NewPasswordForm",
    "reauthenticate": "kindzorg.web.sign_in.forms.AgainForm",
    "add_email": "kindzorg.web.sign_in.forms.NewEmailForm",
}
MFA_ADAPTER = "kindzorg.web.sign_in.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts come from invitations: nobody can take another's address first
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Kindzorg"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "kindzorg.web.sign_in.forms.CodeForm",
    "reauthenticate": "kindzorg.web.sign_in.forms.CodeAgainForm",
    "activate_totp": "kindzorg.web.sign_in.forms.FirstCodeForm",
    "add_webauthn": "kindzorg.web.sign_in.forms.PasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "kindzorg.web.sign_in.openid.OpenIDAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_AUTO_SIGNUP = False

KINDZORG_OPENID = openid.providers("KINDZORG_OIDC", demo=_DEMO)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
