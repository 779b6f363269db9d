from django.apps import AppConfig


class CorrosionConfig(AppConfig):
    name = "corrosion"
