"""Plays the product's main use over HTTP as a phone would, against the real server and real workers."""
