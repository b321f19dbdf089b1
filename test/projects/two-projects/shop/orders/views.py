from django.shortcuts import redirect, render

from .models import Order


def index(request):
    if request.method == 'POST':
        Order.objects.create(customer=request.POST['customer'])
        return redirect('index')
    return render(request, 'orders/index.html', {'count': Order.objects.count()})
