from django.apps import AppConfig


class OsmosisConfig(AppConfig):
    name = "osmosis"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from inspections.lifecycle.hooks import on_submission
        from inspections.vocabulary import Mode
        from osmosis.lift_outs import lift_out_context
        from osmosis.privacy.personal_data import PERSONAL_DATA

        on_submission(Mode.OSMOSIS, lift_out_context)
        register(PERSONAL_DATA)
