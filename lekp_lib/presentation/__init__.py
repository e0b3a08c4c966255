"""
Public tables in, accessible Dutch HTML out: maps, charts, tables and panels.

Notebooks write ``from lekp_lib.presentation import charts, maps, panels, tables``. Nothing
here reads a file, computes a figure or saves anything.
"""
