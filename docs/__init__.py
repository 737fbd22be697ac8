"""Decisions, and programs that make what the documents and the start page show."""
