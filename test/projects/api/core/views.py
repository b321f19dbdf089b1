from rest_framework import serializers, viewsets

from .models import Note


class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ['id', 'text']


class NoteViewSet(viewsets.ModelViewSet):
    queryset = Note.objects.order_by('id')
    serializer_class = NoteSerializer
