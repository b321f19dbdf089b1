from django.db import models


class Subscriber(models.Model):
    email = models.CharField(max_length=200)

    def __str__(self):
        return self.email
