"""The archive in SQLite or PostgreSQL: tables, migrations, units of work, due-queues, read-only views."""
