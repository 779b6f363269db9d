"""Test inputs that phones in the field sent, and their required outcome; the project draws every picture itself."""
