from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "maretech.common"
    label = "common"
