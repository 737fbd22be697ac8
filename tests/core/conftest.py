"""What the tests of the core share."""

import torch

# One thread: sums are added in one order, and tests that run beside these are not slowed down.
torch.set_num_threads(1)
