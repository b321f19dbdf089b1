from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Entry


class EntryCreateView(CreateView):
    model = Entry
    fields = ['text']
    template_name = 'tracker/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Entry.objects.count}
