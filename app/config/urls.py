"""
URL configuration.

https://docs.djangoproject.com/en/5.2/topics/http/urls/
"""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from config.views import index

urlpatterns = [
    path("admin/", admin.site.urls),
]

# Django shows its welcome page while DEBUG is on and there is only the admin.
if not settings.DEBUG:
    urlpatterns.append(path("", index, name="index"))
