"""Bind events into chains: a table of another key takes the events that stand, in the order they came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from ita_portal.audit.chain import GENESIS, Link, fingerprint


def chain_events(apps, schema_editor):
    """Copy every event, numbered and bound within its organisation."""
    Event, ChainedEvent = (apps.get_model("audit", name) for name in ("Event", "ChainedEvent"))
    heads = {}
    for old in Event.objects.order_by("pk").iterator():
        sequence, previous_hash = heads.get(old.organisation_id, (0, GENESIS))
        link = Link(
            old.organisation_id,
            sequence + 1,
            previous_hash,
            old.actor_id,
            old.verb,
            old.sentence,
            old.facts,
            old.at,
        )
        columns = link._asdict()
        columns["organisation_id"], columns["actor_id"] = columns.pop("organisation"), columns.pop("actor")
        new = ChainedEvent.objects.create(hash=fingerprint(link), **columns)
        heads[old.organisation_id] = (new.sequence, new.hash)
    schema_editor.connection.check_constraints()  # PostgreSQL renames no table whose checks are still due


VERBS = [
    ("signed-in", "เข้าสู่ระบบ"),
    ("scores-closed", "ปิดคะแนน"),
    ("scores-reopened", "เปิดคะแนนอีกครั้ง"),
    ("scores-imported", "นำเข้าคะแนน"),
    ("member-invited", "เชิญสมาชิก"),
    ("invitation-cancelled", "ยกเลิกคำเชิญ"),
    ("member-added", "เพิ่มสมาชิก"),
    ("member-changed", "เปลี่ยนแปลงสมาชิก"),
    ("member-deactivated", "ระงับสมาชิก"),
    ("member-reactivated", "คืนสิทธิสมาชิก"),
    ("profile-changed", "แก้ไขข้อมูลหน่วยงาน"),
    ("units-changed", "แก้ไขสำนัก/กอง"),
    ("instrument-imported", "นำเข้ารายการคำถาม"),
    ("question-map-changed", "แก้ไขการเทียบคำถามกับปีก่อน"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_question_map_verb"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainedEvent",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sequence", models.PositiveBigIntegerField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("verb", models.CharField(choices=VERBS, max_length=40)),
                ("sentence", models.TextField()),
                ("facts", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation_id", "-sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=["organisation", "sequence"], name="event_number_unique"),
                    models.UniqueConstraint(
                        fields=["sequence"],
                        condition=Q(organisation=None),
                        name="event_platform_number_unique",
                    ),
                ],
            },
        ),
        migrations.RunPython(chain_events, migrations.RunPython.noop),
        migrations.DeleteModel("Event"),
        migrations.RenameModel("ChainedEvent", "Event"),
        migrations.AlterField(
            model_name="event",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="organisations.organisation",
            ),
        ),
    ]
