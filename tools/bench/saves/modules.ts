import fs from "node:fs";
import path from "node:path";

import { replaceIn } from "./sourceEdits";

const apps = 30;
/** Of PyPI, with the hash that the example's Dockerfile asks for. */
const framework =
  "djangorestframework==3.16.1 \\\n" +
  "    --hash=sha256:33a59f47fb9c85ede792cbf88bde71893bcda0667bc573f784649521f1102cec\n";

/** The ten modules of an app with Django REST framework, by their names; they import one another as such modules do. */
export function modulesOf(app: string): Record<string, string> {
  return {
    "apps.py": `from django.apps import AppConfig


class ${className(app)}Config(AppConfig):
    name = "${app}"

    def ready(self):
        from ${app} import signals  # noqa: F401
`,
    "models.py": `from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=100)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]


class Note(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(blank=True)
`,
    "admin.py": `from django.contrib import admin

from ${app}.models import Item, Note


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    list_display = ["name", "price"]


admin.site.register(Note)
`,
    "serializers.py": `from rest_framework import serializers

from ${app}.models import Item, Note


class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ["id", "text"]


class ItemSerializer(serializers.ModelSerializer):
    notes = NoteSerializer(many=True, read_only=True)

    class Meta:
        model = Item
        fields = ["id", "name", "price", "notes"]
`,
    "permissions.py": `from rest_framework import permissions


class IsOwner(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return request.method in permissions.SAFE_METHODS
`,
    "filters.py": `from rest_framework import filters


class NameFilter(filters.SearchFilter):
    search_param = "name"
`,
    "services.py": `from decimal import Decimal

from ${app}.models import Item


def total(items=None):
    return sum((item.price for item in items or Item.objects.all()), Decimal(0))
`,
    "signals.py": `from django.db.models.signals import post_save
from django.dispatch import receiver

from ${app}.models import Item


@receiver(post_save, sender=Item)
def saved(sender, instance, **kwargs):
    instance.was_saved = True
`,
    "views.py": `from rest_framework import viewsets

from ${app}.filters import NameFilter
from ${app}.models import Item
from ${app}.permissions import IsOwner
from ${app}.serializers import ItemSerializer
from ${app}.services import total


class ItemViewSet(viewsets.ModelViewSet):
    queryset = Item.objects.prefetch_related("notes")
    serializer_class = ItemSerializer
    permission_classes = [IsOwner]
    filter_backends = [NameFilter]
    search_fields = ["name"]

    def total(self):
        return total(self.get_queryset())
`,
    "urls.py": `from rest_framework.routers import DefaultRouter

from ${app}.views import ItemViewSet

router = DefaultRouter()
router.register("items", ItemViewSet)
urlpatterns = router.urls
`,
  };
}

const className = (app: string): string => app.replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** Adds 30 apps with ten modules each, and Django REST framework, to a copy of the example. */
export function addModules(project: string): void {
  const names = Array.from({ length: apps }, (_, index) => `shop_${String(index).padStart(2, "0")}`);
  for (const app of names) {
    fs.mkdirSync(path.join(project, app));
    for (const [name, text] of Object.entries({ "__init__.py": "", ...modulesOf(app) })) {
      fs.writeFileSync(path.join(project, app, name), text);
    }
  }
  const last = '    "django.contrib.staticfiles",\n';
  const installed = ["rest_framework", ...names].map((name) => `    "${name}",\n`).join("");
  replaceIn(path.join(project, "config", "settings.py"), last, last + installed);
  const urls = path.join(project, "config", "urls.py");
  const included = names.map((name) => `    path("${name}/", include("${name}.urls")),\n`).join("");
  replaceIn(urls, "from django.urls import path\n", "from django.urls import include, path\n");
  replaceIn(urls, "urlpatterns = [\n", `urlpatterns = [\n${included}`);
  fs.appendFileSync(path.join(project, "requirements.txt"), framework);
}
