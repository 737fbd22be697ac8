"""Data that people bring: read from a file without trusting it, kept under the hash of what was read. No torch."""
