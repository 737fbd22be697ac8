"""The seal: whether torch and torchinfo count a network as the page does."""
