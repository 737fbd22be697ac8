"""Measurements, printed and never asserted: every module here with a `main()` is one."""
