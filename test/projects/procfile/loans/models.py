from django.db import models


class Loan(models.Model):
    borrower = models.CharField(max_length=200)

    def __str__(self):
        return self.borrower
