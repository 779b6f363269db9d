"""Train the heads that the engines ship, from a folder of labelled pictures. Never served; no test trains a head."""
