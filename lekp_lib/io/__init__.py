"""The one door for files: read into contracts, write what a study made."""
