from django.apps import AppConfig


class OsmosisConfig(AppConfig):
    name = "osmosis"

    def ready(self) -> None:
        from accounts.privacy.register import register
        from inspections.lifecycle.hooks import on_submission
        from inspections.vocabulary import Mode
        from osmosis.handovers import VESSEL_USE
        from osmosis.lift_outs import lift_out_context
        from osmosis.privacy.personal_data import PERSONAL_DATA
        from vessels.uses import register_use

        on_submission(Mode.OSMOSIS, lift_out_context)
        register(PERSONAL_DATA)
        register_use(VESSEL_USE)
