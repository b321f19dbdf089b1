from django.shortcuts import redirect, render

from .models import Person


def index(request):
    if request.method == 'POST':
        Person.objects.create(name=request.POST['name'])
        return redirect('index')
    return render(request, 'people/index.html', {'count': Person.objects.count()})
