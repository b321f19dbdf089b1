from django.shortcuts import redirect, render

from .models import Loan


def index(request):
    if request.method == 'POST':
        Loan.objects.create(borrower=request.POST['borrower'])
        return redirect('index')
    return render(request, 'loans/index.html', {'count': Loan.objects.count()})
