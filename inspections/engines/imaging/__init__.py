"""Bytes to pixels and back: decoding, the photo check, the viewing copy."""
