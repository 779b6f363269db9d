"""The product's main job, played over HTTP as a phone would, against the real server and real workers."""
