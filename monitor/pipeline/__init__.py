"""The stages of the flow, each by id, reading and committing for itself, through ports only."""
