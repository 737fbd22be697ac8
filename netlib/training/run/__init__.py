"""One run: the engine that steps, the loop that steers it, when it ends, what it will need."""
