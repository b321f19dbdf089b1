from django.contrib.gis.db import models
from django.contrib.gis.geos import Point


class Place(models.Model):
    name = models.CharField(max_length=200)
    location = models.PointField(default=Point(13.4, 52.5))

    def __str__(self):
        return self.name
