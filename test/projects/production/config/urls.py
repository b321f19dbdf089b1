from django.conf import settings
from django.contrib import admin
from django.urls import path

from newsletter import views

urlpatterns = [
    path(getattr(settings, 'ADMIN_URL', 'admin/'), admin.site.urls),
    path('', views.SubscriberCreateView.as_view(), name='index'),
]
