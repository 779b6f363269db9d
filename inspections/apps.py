from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from accounts.staff.permissions import allow_support
        from inspections.lifecycle.vessel_links import VESSEL_USE
        from inspections.privacy.personal_data import PERSONAL_DATA
        from inspections.work import shutdown  # noqa: F401 - listens to the worker's signals
        from vessels.uses import register_use

        allow_support("inspections.change_inferencejob")
        allow_support("inspections.add_capturepolicy")
        register(PERSONAL_DATA)
        register_use(VESSEL_USE)
