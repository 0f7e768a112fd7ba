"""Where the bot says nothing."""
