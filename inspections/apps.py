from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import let_support
        from inspections.privacy.personal_data import PERSONAL_DATA
        from inspections.work import shutdown  # noqa: F401 - listens to the worker's signals

        let_support("inspections.change_inferencejob")
        let_support("inspections.add_capturepolicy")
        register(PERSONAL_DATA)
