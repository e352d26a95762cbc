"""Notices and reminders to many: who gets them, when, and what became of each."""
