"""The start page's doors: real links into the pages there are, each with a small true picture of its page."""
