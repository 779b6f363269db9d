"""Evaluation of the engines and of the trend: reads a manifest of labelled photographs, returns metrics with intervals.

Plain Python: no Django, no settings, no database. Nothing here can change an answer.
"""
