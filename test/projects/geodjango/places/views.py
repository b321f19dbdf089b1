from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Place


class PlaceCreateView(CreateView):
    model = Place
    fields = ['name']
    template_name = 'places/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Place.objects.count}
