"""The measuring instrument of the engines: a manifest of judged photographs in, figures with intervals out.

Plain Python: no Django, no settings, no database. Nothing here can change an answer.
"""
