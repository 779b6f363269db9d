"""Evaluation of the engines: reads a manifest of labelled photographs, returns figures with intervals.

Plain Python: no Django, no settings, no database. Nothing here can change an answer.
"""
