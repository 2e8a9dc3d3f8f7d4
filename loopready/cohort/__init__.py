"""The class at a glance: what the gradebook and the submissions say, as pandas' tables, pictures and sentences.

Everything here reads and nothing writes.
"""
