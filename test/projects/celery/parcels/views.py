import secrets

from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import redirect, render

from .models import Delivery, Parcel, Tick
from .tasks import add, deliver, send as send_parcel


def index(request):
    if request.method == 'POST':
        parcel = Parcel.objects.create(label=request.POST['label'])
        send_parcel.delay(parcel.id)
        return redirect('index')
    return render(request, 'parcels/index.html', {'count': Parcel.objects.count()})


def checks(request):
    """What the page stands on: database, cache, a task's way to the worker and back, and beat."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT 1')
        database = cursor.fetchone() == (1,)
    value = secrets.token_hex()
    cache.set(value, value)
    return JsonResponse(
        {
            'database': database,
            'cache': cache.get(value) == value,
            'task': add.delay(2, 3).get(timeout=20) == 5,
            'beat': Tick.objects.exists(),
        }
    )


def send(request, number):
    deliver.delay(number)
    return JsonResponse({'queued': number})


def sent(request):
    runs = Delivery.objects.values('number').annotate(runs=Count('id')).order_by('number')
    return JsonResponse({str(each['number']): each['runs'] for each in runs})
