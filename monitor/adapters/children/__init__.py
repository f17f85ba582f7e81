"""What runs inside the sandboxed child processes only: third-party parsers of hostile input."""
