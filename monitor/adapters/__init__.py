"""The edge of the program: each module knows one library or one protocol and translates its errors."""
