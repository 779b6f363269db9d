"""An eye with a domain gate: a picture that is clearly out of domain gets a doubt."""

import hashlib
from dataclasses import replace

from inspections.engines.base import Eye, Look, Rgb
from inspections.engines.domain_gate.gate import SubjectGate

NOT_A_HULL = "not_a_hull"


class GatedEye:
    """Wraps an eye and scales its probability by the belief that the picture shows a hull."""

    def __init__(self, eye: Eye, gate: SubjectGate) -> None:
        self._eye = eye
        self._gate = gate
        self.name = eye.name
        self.long_side_px = eye.long_side_px
        self.digest = hashlib.sha256(f"{eye.digest}{gate.digest}".encode()).hexdigest()

    def look(self, pixels: Rgb) -> Look:
        """Return the eye's look; its probability is that of a hull that shows the signal."""
        look, belief = self._eye.look(pixels), self._gate.belief(pixels)
        if belief == 1:
            return look
        return replace(look, probability=belief * look.probability, doubts=(*look.doubts, NOT_A_HULL))
