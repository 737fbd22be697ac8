"""The processes that train: a pool of warm workers, the thread that keeps them, and what they say to the app."""
