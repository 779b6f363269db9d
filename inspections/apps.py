from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from accounts.support import let_support
        from inspections import stopping  # noqa: F401 - listens to the worker's signals

        let_support("inspections.change_inferencejob")
        let_support("inspections.add_capturepolicy")
