from django.shortcuts import redirect, render

from .models import Document


def index(request):
    if request.method == 'POST':
        Document.objects.create(name=request.POST['name'])
        return redirect('index')
    return render(request, 'upload/index.html', {'count': Document.objects.count()})
