from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from core.views import NoteViewSet

router = SimpleRouter()
router.register('notes', NoteViewSet)

urlpatterns = [
    path('admin/', admin.site.urls),
    path('api/v1/', include(router.urls)),
]
