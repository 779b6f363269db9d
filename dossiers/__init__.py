"""Dossiers: what an owner hands to a surveyor. It shows photos and what can be seen on them, never a diagnosis."""
