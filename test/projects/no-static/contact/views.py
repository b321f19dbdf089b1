from django.shortcuts import redirect, render

from .models import Enquiry


def index(request):
    if request.method == 'POST':
        Enquiry.objects.create(message=request.POST['message'])
        return redirect('index')
    return render(request, 'contact/index.html', {'count': Enquiry.objects.count()})
