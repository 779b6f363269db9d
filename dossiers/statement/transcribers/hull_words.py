"""Words of boats that a general language model thinks rare or does not know, with their sounds (ARPAbet)."""

from typing import Final

# As likely as a common noun, each: `hull` would otherwise be heard as `hell`, and `rust` as `rest`.
LIKELY: Final = (
    *("hull", "keel", "bow", "stern", "transom", "rudder", "rudders", "skeg", "bilge", "starboard", "propeller"),
    *("rust", "rusty", "blister", "blisters", "stain", "stains", "flakes", "weld", "welds", "dent", "primer"),
    *("anode", "anodes", "zinc", "steel", "boat", "boats", "paint", "painted", "hauled", "osmosis", "spots", "photo"),
    *("photos", "centimeters", "fiberglass", "shaft"),
)
# Words that the dictionary lacks.
SOUNDS: Final = {
    "antifouling": "AE N T IY F AW L IH NG",
    "gelcoat": "JH EH L K OW T",
    "seacock": "S IY K AA K",
    "waterline": "W AO T ER L AY N",
    "repaint": "R IY P EY N T",
    "repainted": "R IY P EY N T AH D",
    "chainplate": "CH EY N P L EY T",
}
