"""The province: FastAPI on SQLite or PostgreSQL. Nobody imports it but its own command."""
