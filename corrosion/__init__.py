"""Corrosion tracking over time: history and comparison of an owner's own inspections, by subscription."""
