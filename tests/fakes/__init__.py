"""Small worlds for tests: real prices in invented markets, no mocks."""
