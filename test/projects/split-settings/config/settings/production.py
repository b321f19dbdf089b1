from decouple import config

from .base import *  # noqa: F403
from .base import BASE_DIR, MIDDLEWARE

DEBUG = config('DEBUG', default=False, cast=bool)

MIDDLEWARE.insert(1, 'whitenoise.middleware.WhiteNoiseMiddleware')
STATIC_ROOT = BASE_DIR / 'staticfiles'

SECURE_SSL_REDIRECT = config('SECURE_SSL_REDIRECT', default=True, cast=bool)
