"""What a community has and decides, and who its people are."""
