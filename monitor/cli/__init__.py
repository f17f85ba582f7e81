"""The commands: thin; what they do lives below."""
