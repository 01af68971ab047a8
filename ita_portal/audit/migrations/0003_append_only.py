"""Let the database refuse to change or delete an event. Needs nothing but the table, in its last form."""

from django.db import migrations

from ita_portal.audit.append_only import protect, release


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_initial"),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: protect(schema_editor.connection),
            lambda apps, schema_editor: release(schema_editor.connection),
        ),
    ]
