import os
import socket

import django
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(no_store=True)
def index(request):
    """Tell which pod of which image answered."""
    context = {
        "pod": os.environ.get("POD_NAME") or socket.gethostname(),
        "image_tag": os.environ.get("IMAGE_TAG") or "unknown",
        "django_version": django.get_version(),
    }
    return render(request, "index.html", context)
