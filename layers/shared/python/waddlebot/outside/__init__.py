"""One seam to the outside: whatever a function asks of somebody else's server goes through here."""
