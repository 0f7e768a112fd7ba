"""What of that which happens is shown as an alert, and how."""
