"""Training: runs, their history, their workers."""
