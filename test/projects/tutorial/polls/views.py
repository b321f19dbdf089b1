from django.shortcuts import redirect, render

from .models import Question


def index(request):
    if request.method == 'POST':
        Question.objects.create(question_text=request.POST['question_text'])
        return redirect('index')
    return render(request, 'polls/index.html', {'count': Question.objects.count()})
