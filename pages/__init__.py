"""One file a page; each only arranges what ui/ and netlib/ offer."""
