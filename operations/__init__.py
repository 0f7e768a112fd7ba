"""The operator's verbs of the `waddlebot` command."""
