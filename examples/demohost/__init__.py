"""A stand-in for the Azure Functions host, for demonstrations and tests."""
