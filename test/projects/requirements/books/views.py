from django.urls import reverse_lazy
from django.views.generic import CreateView

from .models import Book


class BookCreateView(CreateView):
    model = Book
    fields = ['title']
    template_name = 'books/index.html'
    success_url = reverse_lazy('index')
    extra_context = {'count': Book.objects.count}
