"""What is said, authored once: data files, their shapes, and the checks on what an author writes."""
