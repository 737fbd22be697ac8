"""What pages are made of: the shell, the component kit, words, numbers and plots. Never imports torch."""
