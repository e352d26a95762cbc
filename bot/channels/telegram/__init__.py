"""Telegram: parse, render, a thin client for the hot path."""
