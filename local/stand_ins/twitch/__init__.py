from local.stand_ins.twitch.people_side import Twitch

__all__ = ["Twitch"]
