from local.stand_ins.discord.people_side import Discord

__all__ = ["Discord"]
