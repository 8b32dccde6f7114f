"""What the tests, `fuzz` and `bench` share: real servers, their databases, and hostile requests."""
