from django.db import models


class Parcel(models.Model):
    label = models.CharField(max_length=100)
    sent = models.BooleanField(default=False)


class Delivery(models.Model):
    """One run of the task for a number: two for one number are a task that ran twice."""

    number = models.IntegerField()
    at = models.DateTimeField(auto_now_add=True)


class Tick(models.Model):
    at = models.DateTimeField(auto_now_add=True)
