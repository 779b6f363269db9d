from enum import StrEnum


class ProductCodeEnum(StrEnum):
    APPOINTMENT = "appointment"
    CORROSION_MONTHLY = "corrosion_monthly"
    CORROSION_YEARLY = "corrosion_yearly"
    DOSSIER_BY_POST = "dossier_by_post"
    OSMOSIS_INSPECTION = "osmosis_inspection"

    def __str__(self) -> str:
        return str(self.value)
