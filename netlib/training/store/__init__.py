"""What is kept of runs: the history in one SQLite file, who writes it, who reads it, how it stays small and whole."""
