"""Rules that watch what is written."""
