"""What is remembered: the only room with SQL. It knows nothing of channels, guides, languages or the desk."""
