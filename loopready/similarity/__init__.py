"""Pairs of kata answers that are suspiciously alike, for a person to look at; nothing here gives a score."""
