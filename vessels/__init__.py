"""The boats of the owners, which inspections belong to."""
