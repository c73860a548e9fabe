"""One editor a question kind."""
