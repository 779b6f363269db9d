"""The two products as twin folders that cannot import each other. Each declares its own words, on purpose."""
