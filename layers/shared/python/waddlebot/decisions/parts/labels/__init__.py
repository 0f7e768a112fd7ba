"""Labels, and what they hang on."""
