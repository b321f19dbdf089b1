from django.contrib import admin
from django.urls import path

from books import views

urlpatterns = [
    path('admin/', admin.site.urls),
    path('', views.BookCreateView.as_view(), name='index'),
]
