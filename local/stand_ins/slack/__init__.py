from local.stand_ins.slack.people_side import Slack

__all__ = ["Slack"]
