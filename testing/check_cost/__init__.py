"""The time of a photo check at the hull, of a photo of 12 megapixels on a vessel photographed before."""
