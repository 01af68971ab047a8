"""Files as they came or were made, byte for byte, in the database: one backup holds everything."""

from __future__ import annotations

from hashlib import sha256

from django.db import models


class StoredFile(models.Model):
    """Bytes that never change: an emblem, the scan of a signed page, an approved paper.

    A table of its own, so that lists of papers do not load them.
    """

    content = models.BinaryField()
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="stored_file_not_empty")]

    def __str__(self) -> str:
        return f"{self.content_type} {self.sha256[:12]}"

    @classmethod
    def keep(cls, content: bytes, content_type: str) -> StoredFile:
        """Keep `content` as it is."""
        return cls.objects.create(
            content=content,
            content_type=content_type,
            size=len(content),
            sha256=sha256(content).hexdigest(),
        )

    @property
    def data(self) -> bytes:
        """The bytes (PostgreSQL gives them as a view of memory)."""
        return bytes(self.content)
