"""
Django settings, driven by the environment.

https://docs.djangoproject.com/en/5.2/topics/settings/
https://docs.djangoproject.com/en/5.2/ref/settings/
"""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env_flag(name):
    """Whether the variable says yes; unset, empty and anything else say no."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def env_list(name):
    """The comma-separated entries of the variable, without blanks."""
    entries = (entry.strip() for entry in os.environ.get(name, "").split(","))
    return [entry for entry in entries if entry]


def read_secret(name):
    """The content of the file that NAME_FILE names if that is set, else NAME."""
    # A file shows neither on Django's debug page nor in the environment of a child.
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, "").strip()
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f'{name}_FILE names "{path}", which cannot be read '
            f"({error.strerror}): mount the secret there or unset {name}_FILE."
        ) from error
    if not secret:
        raise ImproperlyConfigured(
            f'{name}_FILE names "{path}", which is empty: '
            f"write the secret to it or unset {name}_FILE."
        )
    return secret


DEBUG = env_flag("DEBUG")

SECRET_KEY = read_secret("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "No secret key is set, and DEBUG is off: "
            "run `pulumi config set --secret secretKey <50 or more random characters>` "
            "and deploy again, or set SECRET_KEY or SECRET_KEY_FILE in the environment."
        )
    SECRET_KEY = "django-insecure-for-development-only"

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")

CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")


# Transport security
# https://docs.djangoproject.com/en/5.2/howto/deployment/checklist/

# Over plain HTTP, as on a NodePort, a redirect to HTTPS leads nowhere and browsers
# never send secure cookies back: all that needs TLS follows this one variable.
SERVED_OVER_HTTPS = env_flag("SERVED_OVER_HTTPS")

SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
SESSION_COOKIE_SECURE = SERVED_OVER_HTTPS
CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS

if SERVED_OVER_HTTPS:
    # The proxy that ends TLS must set this header itself and drop a client's own.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # An hour, as Django advises to start with: browsers hold on to it.
    SECURE_HSTS_SECONDS = 3600
    SILENCED_SYSTEM_CHECKS = [
        # Only the owner of the domain can promise TLS for all its subdomains.
        "security.W005",
        "security.W021",
    ]
else:
    SILENCED_SYSTEM_CHECKS = [
        # HSTS, the redirect and the two cookies: what the variable turns on.
        "security.W004",
        "security.W008",
        "security.W012",
        "security.W016",
    ]


# Application definition

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # First, so that neither the host check nor the HTTPS redirect reaches a probe.
    "config.health.health_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

WSGI_APPLICATION = "config.wsgi.application"


# Database
# https://docs.djangoproject.com/en/5.2/ref/settings/#databases


def read_database():
    """What DATABASE_URL or DATABASE_URL_FILE says, else an SQLite file."""
    url = read_secret("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("SQLITE_PATH") or BASE_DIR / "db.sqlite3",
        }
    # No error quotes the URL: where it is wrong, the password may be anywhere in it.
    allowed = (
        "allowed is postgres://USER:PASSWORD@HOST:PORT/NAME, "
        "with special characters percent-encoded, or sqlite:///PATH."
    )
    try:
        database = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError:
        raise ImproperlyConfigured(
            f"DATABASE_URL is not understood: {allowed}"
        ) from None
    engine = database["ENGINE"]
    if engine == "django.db.backends.sqlite3":
        return database
    if engine != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            f'DATABASE_URL asks for "{engine}", whose driver is not installed: {allowed}'
        )
    if not database["NAME"]:
        raise ImproperlyConfigured(f"DATABASE_URL names no database: {allowed}")
    # Seconds to connect, and milliseconds for a vanished server to confirm what was
    # sent: by themselves both take minutes, and the probes' threads wait with them. A
    # probe waits for 5 seconds.
    timeouts = {"connect_timeout": 4, "tcp_user_timeout": 5000}
    database["OPTIONS"] = timeouts | database.get("OPTIONS", {})
    return database


DATABASES = {"default": read_database()}


# Password validation
# https://docs.djangoproject.com/en/5.2/ref/settings/#auth-password-validators

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]


# Internationalization
# https://docs.djangoproject.com/en/5.2/topics/i18n/

LANGUAGE_CODE = "en-us"

TIME_ZONE = "UTC"

USE_I18N = True

USE_TZ = True


# Static files (CSS, JavaScript, Images)
# https://docs.djangoproject.com/en/5.2/howto/static-files/

STATIC_URL = "static/"

STATIC_ROOT = BASE_DIR / "staticfiles"

# runserver serves them itself; for gunicorn WhiteNoise serves what collectstatic has
# put into STATIC_ROOT, under names that change with the content.
# https://whitenoise.readthedocs.io/en/stable/django.html
if not DEBUG:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1,
        "whitenoise.middleware.WhiteNoiseMiddleware",
    )
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        },
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Logging
# https://docs.djangoproject.com/en/5.2/topics/logging/

# While DEBUG is off Django mails errors to ADMINS and prints nothing: in a pod
# they belong on the console, where `kubectl logs` shows them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"level": "INFO"}},
}
