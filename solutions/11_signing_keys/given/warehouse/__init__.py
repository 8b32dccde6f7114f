"""The warehouse: a second service, in a process of its own. It holds no secret."""
