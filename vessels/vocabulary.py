"""Vocabulary of vessels."""

from maretech.common.vocabulary import Vocabulary


class HullMaterial(Vocabulary):
    GRP = "grp"
    STEEL = "steel"
    ALUMINIUM = "aluminium"
    OTHER = "other"
