"""
From places to a website: what to run, what is still fresh, the runs and the book.

Reading a file, computing and drawing happen elsewhere: this room only decides which
notebook runs for which place, keeps the results and stages the book.
"""

from __future__ import annotations

__all__: list[str] = []
