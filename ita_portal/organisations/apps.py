from django.apps import AppConfig

from .wording import use_thai_wording


class OrganisationsConfig(AppConfig):
    name = "ita_portal.organisations"
    verbose_name = "หน่วยงาน"

    def ready(self) -> None:
        """Set the wording of forms for the whole portal."""
        use_thai_wording()
