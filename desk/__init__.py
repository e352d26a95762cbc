"""Where assistants and coordinators work."""
