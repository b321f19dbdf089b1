"""
The project's own tests, kept out of the image by .dockerignore.

Run them in app/ with `DEBUG=1 python manage.py test`.
"""
