from django.contrib import admin
from django.urls import path

from accounts import views

urlpatterns = [
    path('admin/', admin.site.urls),
    path('', views.AccountCreateView.as_view(), name='index'),
]
