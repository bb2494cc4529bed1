"""Changing a running plan."""
