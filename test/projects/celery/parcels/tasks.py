import time

from celery import shared_task

from .models import Delivery, Parcel, Tick


@shared_task
def send(parcel_id):
    Parcel.objects.filter(id=parcel_id).update(sent=True)


@shared_task(ignore_result=True)
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
