import time

from celery import shared_task
from django.db import OperationalError

from .models import Delivery, Parcel, Tick


@shared_task
def send(parcel_id):
    Parcel.objects.filter(id=parcel_id).update(sent=True)


@shared_task(ignore_result=True, autoretry_for=(OperationalError,), default_retry_delay=1, max_retries=60)
def deliver(number):
    # Long enough that a rollout falls into it.
    time.sleep(0.05)
    Delivery.objects.create(number=number)


@shared_task
def add(one, other):
    return one + other


@shared_task
def tick():
    Tick.objects.create()
