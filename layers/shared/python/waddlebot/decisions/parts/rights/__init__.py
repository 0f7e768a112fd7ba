"""Who may use a command, where a community says otherwise than its module."""
