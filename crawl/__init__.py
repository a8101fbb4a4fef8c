"""The whole product, walked as everybody: for barriers on every page, and for pictures of it."""
