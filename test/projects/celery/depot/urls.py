from django.contrib import admin
from django.urls import path

from parcels import views

urlpatterns = [
    path('admin/', admin.site.urls),
    path('', views.index, name='index'),
    path('checks/', views.checks),
    path('send/<int:number>/', views.send),
    path('sent/', views.sent),
]
