"""Who may what in a community, beside what platforms give anyway."""
