from django.contrib import admin

from .models import Subscriber

admin.site.register(Subscriber)
