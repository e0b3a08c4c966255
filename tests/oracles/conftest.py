"""The makers of fixtures run in environments of their own; pytest leaves them alone."""

collect_ignore_glob = ["make_*.py"]
