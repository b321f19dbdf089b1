from django.shortcuts import redirect, render

from .models import Post


def index(request):
    if request.method == 'POST':
        Post.objects.create(title=request.POST['title'])
        return redirect('index')
    return render(request, 'posts/index.html', {'count': Post.objects.count()})
