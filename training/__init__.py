"""From a folder of labelled pictures to the heads the engines ship. Never served; no test teaches."""
