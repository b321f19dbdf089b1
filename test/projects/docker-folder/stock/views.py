from django.shortcuts import redirect, render

from .models import Item


def index(request):
    if request.method == 'POST':
        Item.objects.create(name=request.POST['name'])
        return redirect('index')
    return render(request, 'stock/index.html', {'count': Item.objects.count()})
