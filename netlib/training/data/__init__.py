"""What a run learns from: the data sets, their samples as arrays and tensors, and whether a network fits them."""
