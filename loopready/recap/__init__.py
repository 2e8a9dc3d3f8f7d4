"""The recap cards of the weeks, asked again when they are about to be forgotten."""
