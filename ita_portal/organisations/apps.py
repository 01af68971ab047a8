from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "ita_portal.organisations"
    verbose_name = "หน่วยงาน"
