"""The plan: from an interview's date back to today, what was done against it, and the calendar that holds it."""
