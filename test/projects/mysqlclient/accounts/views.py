from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Account


class AccountCreateView(CreateView):
    model = Account
    fields = ['name']
    template_name = 'accounts/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Account.objects.count}
