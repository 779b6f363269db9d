"""What phones in the field sent, and what must come of it; every picture is drawn by the project itself."""
