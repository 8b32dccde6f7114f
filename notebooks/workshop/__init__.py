"""The helper package of the JWT workshop: trees, checks, live servers, notebook tools and the demo."""
