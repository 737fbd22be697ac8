"""The tests of the architecture explorer."""
