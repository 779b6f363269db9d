"""The picture generator for osmosis: blisters and look-alikes drawn on real backgrounds.

`training/data/background_sources.csv` names the photograph behind each picture of the data's osmosis part, if known
reliably: bridges by SIFT landmarks (at least 10 inliers of one affine map), texture tiles by normalised correlation of
the whole tile at 128 px with broad shading removed (at least .6, or less and then confirmed by eye); the rest is left
out.
"""
