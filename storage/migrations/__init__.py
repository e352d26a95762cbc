"""The schema's history, applied in-process when the server starts."""
