from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Ticket


class TicketCreateView(CreateView):
    model = Ticket
    fields = ['subject']
    template_name = 'tickets/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Ticket.objects.count}
