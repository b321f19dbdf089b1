from django.shortcuts import redirect, render

from .models import Recipe


def index(request):
    if request.method == 'POST':
        Recipe.objects.create(name=request.POST['name'])
        return redirect('index')
    return render(request, 'cookbook/index.html', {'count': Recipe.objects.count()})
