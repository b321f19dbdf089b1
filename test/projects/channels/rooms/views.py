from django.shortcuts import redirect, render

from .models import Message


def index(request):
    if request.method == 'POST':
        Message.objects.create(text=request.POST['text'])
        return redirect('index')
    return render(request, 'rooms/index.html', {'count': Message.objects.count()})
