from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Subscriber


class SubscriberCreateView(CreateView):
    model = Subscriber
    fields = ['email']
    template_name = 'newsletter/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Subscriber.objects.count}
