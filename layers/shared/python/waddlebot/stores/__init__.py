"""PostgreSQL and Valkey, one file a thing kept."""
