from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from accounts.support import let_support

        let_support("inspections.change_inferencejob")
        let_support("inspections.add_capturepolicy")
