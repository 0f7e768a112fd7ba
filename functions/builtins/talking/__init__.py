"""What everybody asks the bot about itself and what happened here."""
