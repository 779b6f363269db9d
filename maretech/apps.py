from django.apps import AppConfig


class MaretechConfig(AppConfig):
    name = "maretech"
    label = "maretech"

    def ready(self) -> None:
        from maretech import checks  # noqa: F401
