from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Product


class ProductCreateView(CreateView):
    model = Product
    fields = ['name']
    template_name = 'catalog/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Product.objects.count}
