"""The store: SQLite or PostgreSQL behind the ports. The only room that speaks SQLAlchemy."""
