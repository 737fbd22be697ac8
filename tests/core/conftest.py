"""What the tests of the core share."""

import torch
from hypothesis import settings

# One thread: sums are added in one order, and tests that run beside these are not slowed down.
torch.set_num_threads(1)

settings.register_profile("core", deadline=None, derandomize=True, database=None)
settings.load_profile("core")
