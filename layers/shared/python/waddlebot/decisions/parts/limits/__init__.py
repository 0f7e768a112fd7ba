"""How often commands may be used."""
