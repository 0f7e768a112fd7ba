"""The catalogue turned into AWS."""
