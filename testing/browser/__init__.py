"""A browser at the hull: Chromium with a drawn camera, an owner's steps in the web app, and a bad connection."""
