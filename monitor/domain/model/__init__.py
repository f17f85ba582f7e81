"""The values that travel through the stages, named after their place in the flow."""
