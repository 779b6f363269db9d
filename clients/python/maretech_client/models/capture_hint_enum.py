from enum import StrEnum


class CaptureHintEnum(StrEnum):
    AVOID_SHADOW = "avoid_shadow"
    CLEAN_OFF_DIRT = "clean_off_dirt"
    INCLUDE_COIN_OR_RULER = "include_coin_or_ruler"
    KEEP_SURFACE_WET = "keep_surface_wet"
    LOW_ANGLE_LIGHT_FOR_CLOSE = "low_angle_light_for_close"
    SOON_AFTER_LIFT_OUT = "soon_after_lift_out"
    SQUARE_ON = "square_on"

    def __str__(self) -> str:
        return str(self.value)
