from enum import StrEnum


class CheckoutProductEnum(StrEnum):
    CORROSION_MONTHLY = "corrosion_monthly"
    CORROSION_YEARLY = "corrosion_yearly"
    OSMOSIS_INSPECTION = "osmosis_inspection"

    def __str__(self) -> str:
        return str(self.value)
