"""The two products as twin folders that cannot import each other. Words are declared in each, on purpose."""
