"""What is asked of servers that people named: a function of its own, without a database."""
