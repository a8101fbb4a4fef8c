"""Django's settings. Everything that differs per installation comes from the environment (see README)."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from kindzorg.audit.rules import DEFAULT_YEARS
from kindzorg.config import env
from kindzorg.config.sign_in import *  # noqa: F403 - all of it is settings
from kindzorg.core.encryption import check_keys
from kindzorg.core.languages import NAMES
from kindzorg.keeping.retention.rules import SHORTEST_YEARS as SHORTEST_FILE_YEARS

ROOT = Path(__file__).parent.parent

KINDZORG_DEMO = env.flag("KINDZORG_DEMO")
KINDZORG_PRACTISING = KINDZORG_DEMO and env.flag("KINDZORG_PRACTISING")
KINDZORG_TODAY = env.day("KINDZORG_TODAY")
KINDZORG_DATA_DIR = env.data_dir()
DEBUG = env.flag("KINDZORG_DEBUG")
SECRET_KEY = os.environ.get("KINDZORG_SECRET_KEY", "")
ALLOWED_HOSTS = list(env.words("KINDZORG_HOSTS"))
# How this installation is named in the trail; how many proxies of our own stand before it.
KINDZORG_SOURCE = (os.environ.get("KINDZORG_SOURCE") or next(iter(ALLOWED_HOSTS), "demo"))[:100]
# HTTPS comes from a proxy: without counting it everybody would come from the proxy's address, and wait for each other.
SECURE_SSL_REDIRECT = not KINDZORG_DEMO and env.flag("KINDZORG_SSL_REDIRECT", True)
KINDZORG_PROXIES = env.number("KINDZORG_PROXIES", 1 if SECURE_SSL_REDIRECT else 0)

# How many years after its last change a file is kept: BW 7:454(3), Jeugdwet 7.3.8(3). Longer may be good care.
# What the worker does in each of its rounds beside the post, by name: a room above it brings its own.
KINDZORG_EACH_ROUND = (
    "kindzorg.referral.watching.watch_terms",
    "kindzorg.referral.watching.watch_indications",
    "kindzorg.careplan.watching.ask_to_prepare",
    "kindzorg.careplan.watching.remind_of_meetings",
    "kindzorg.careplan.watching.remind_of_competences",
)
KINDZORG_FILE_YEARS = env.number("KINDZORG_FILE_YEARS", SHORTEST_FILE_YEARS)
if KINDZORG_FILE_YEARS < SHORTEST_FILE_YEARS:
    raise ImproperlyConfigured(
        f"KINDZORG_FILE_YEARS is {KINDZORG_FILE_YEARS}: the law asks for {SHORTEST_FILE_YEARS} years at the least."
    )
# As long as a file is there, its owner may ask who saw it: the trail stays at least as long (docs/trail.md).
KINDZORG_TRAIL_YEARS = env.number("KINDZORG_TRAIL_YEARS", max(DEFAULT_YEARS, KINDZORG_FILE_YEARS))
if KINDZORG_TRAIL_YEARS < KINDZORG_FILE_YEARS:
    raise ImproperlyConfigured(
        f"KINDZORG_TRAIL_YEARS is {KINDZORG_TRAIL_YEARS}: files are kept {KINDZORG_FILE_YEARS} years, "
        f"and who saw one must be known as long. Use {KINDZORG_FILE_YEARS} or more."
    )

if KINDZORG_DEMO:
    SECRET_KEY = SECRET_KEY or secrets.token_urlsafe(50)
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
else:
    if DEBUG:
        raise ImproperlyConfigured("KINDZORG_DEBUG shows internals: it works only with KINDZORG_DEMO=1.")
    if KINDZORG_TODAY:
        raise ImproperlyConfigured("KINDZORG_TODAY pins the calendar: it works only with KINDZORG_DEMO=1.")
    if len(SECRET_KEY) < 40:
        raise ImproperlyConfigured(
            "KINDZORG_SECRET_KEY is missing or shorter than 40 characters. Make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "KINDZORG_HOSTS is missing: the host names of this installation, with commas."
        )

# What is encrypted in the database (core/encryption.py). The demo holds invented people: its keys are no secret.
KINDZORG_ENCRYPTION_KEYS = env.words("KINDZORG_ENCRYPTION_KEYS")
KINDZORG_HASH_KEY = os.environ.get("KINDZORG_HASH_KEY", "")
if KINDZORG_DEMO:
    KINDZORG_ENCRYPTION_KEYS = KINDZORG_ENCRYPTION_KEYS or (env.DEMO_KEY,)
    KINDZORG_HASH_KEY = KINDZORG_HASH_KEY or env.DEMO_KEY
elif env.DEMO_KEY in (*KINDZORG_ENCRYPTION_KEYS, KINDZORG_HASH_KEY):
    raise ImproperlyConfigured("The demo's key is known to everybody. Make keys with: kindzorg keys new")
check_keys(KINDZORG_ENCRYPTION_KEYS, KINDZORG_HASH_KEY)

INSTALLED_APPS = [
    "kindzorg.web",
    "kindzorg.core",
    "kindzorg.ui",
    "kindzorg.audit",
    "kindzorg.people",
    "kindzorg.careteam",
    "kindzorg.journey",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "lucide",
    "django_htmx",
    "template_partials",
    "django_q",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
# Rooms are added to the list as they come to hold something.
for _room in ("notices", "record", "referral", "needs", "careplan", "closure", "keeping", "fhir", "demo"):
    if (ROOT / _room / "apps.py").exists():
        INSTALLED_APPS.insert(INSTALLED_APPS.index("allauth"), f"kindzorg.{_room}")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kindzorg.web.middleware.policy_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kindzorg.web.middleware.spoken_answers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kindzorg.web.middleware.SignInRequired",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kindzorg.web.middleware.ActorMiddleware",
]

ROOT_URLCONF = "kindzorg.config.urls"
WSGI_APPLICATION = "kindzorg.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "kindzorg.web.middleware.frame",
            ],
            "builtins": ["kindzorg.ui.templatetags.kz"],
        },
    }
]
FORM_RENDERER = "kindzorg.ui.renderer.Renderer"

DATABASES = {"default": env.database("KINDZORG_DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not KINDZORG_DEMO
# A browser keeps a cookie of this name only when this host itself set it over HTTPS.
_OWN_HOST = "" if KINDZORG_DEMO else "__Host-"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_OWN_HOST}session", f"{_OWN_HOST}csrf"
KINDZORG_DEVICES_COOKIE = f"{_OWN_HOST}devices"
SECURE_HSTS_SECONDS = 0 if KINDZORG_DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
# How large a photo or document may be that somebody adds, in megabytes (record/files).
KINDZORG_FILE_MEGABYTES = env.number("KINDZORG_FILE_MEGABYTES", 10)
if not 1 <= KINDZORG_FILE_MEGABYTES <= 50:
    raise ImproperlyConfigured(f"KINDZORG_FILE_MEGABYTES is {KINDZORG_FILE_MEGABYTES}: use 1 to 50.")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "nl"
LANGUAGES = list(NAMES.items())
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = KINDZORG_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not env.flag("KINDZORG_PLAIN_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = env.flag("KINDZORG_PLAIN_STATIC")
MEDIA_ROOT = KINDZORG_DATA_DIR / "files"

# Only django-q2's table, lease and records are used; `kindzorg worker` runs the tasks (docs/adr/0003-queue.md).
# A task may last `timeout` seconds; one whose worker died comes free after `retry` seconds.
Q_CLUSTER = {
    "name": "kindzorg",
    "orm": "default",
    "workers": 1,
    "bulk": 1,
    "timeout": 60,
    "retry": 90,
    "max_attempts": 8,
    "ack_failures": False,
    "save_limit": 250,
    "scheduler": False,
    "poll": 1,
}

EMAIL_HOST = os.environ.get("KINDZORG_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("KINDZORG_MAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("KINDZORG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KINDZORG_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("KINDZORG_MAIL_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KINDZORG_MAIL_FROM", "kindzorg@localhost")
# Where this installation is found, for links in mails.
KINDZORG_ADDRESS = os.environ.get("KINDZORG_ADDRESS") or (
    "http://127.0.0.1:8000" if KINDZORG_DEMO else f"https://{ALLOWED_HOSTS[0]}"
)
# Where one practises with invented people, for links here; and on that site itself the way back.
KINDZORG_PRACTICE_ADDRESS = "" if KINDZORG_DEMO else env.address("KINDZORG_PRACTICE_ADDRESS")
KINDZORG_REAL_ADDRESS = env.address("KINDZORG_REAL_ADDRESS") if KINDZORG_PRACTISING else ""
if KINDZORG_DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KINDZORG_LOG_LEVEL", "WARNING")},
}
