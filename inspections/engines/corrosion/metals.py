"""Metals that do not rust."""

from typing import Final

from vessels.vocabulary import HullMaterial

# They corrode, but do not rust: a picture of rust-coloured spots says nothing about them.
NON_RUSTING_METALS: Final = frozenset({HullMaterial.ALUMINIUM})
