"""Tests of networks: what they say they are, against what PyTorch makes of them."""
