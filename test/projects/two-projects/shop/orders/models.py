from django.db import models


class Order(models.Model):
    customer = models.CharField(max_length=200)

    def __str__(self):
        return self.customer
