"""The API for programs: JSON, read-only, versioned in its address. What a reader sees, and no more, whoever asks."""
