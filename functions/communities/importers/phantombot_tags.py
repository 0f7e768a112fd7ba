"""Tags of PhantomBot: in brackets that begin with none of them stands what stands there.

Source: its page "Command Variables", the global ones.
"""

from __future__ import annotations

TAGS = frozenset(
    """
    abs add addpoints addpointstoall adminonlyedit age alert alerttext baresender cancel ceil
    channelid channelname cleardiscordactivity code command commandslist count countdown countup
    cpcancel cpcost cpdisplayname cpfulfill cpfulfillstatus cpinput cpinputraw cpprompt
    cpredeemableid cpredemptionid cpsetenabled cpsetpaused cptitle cpuserid cpusername currenttime
    customapi customapijson customapipost delaycommand delaysay discordcommand discordsay divide
    downtime echo encodeurl encodeurlparam escape exponentiation floor followage followdate
    follows game gameinfo gameonly gamesplayed gettimevar hours hoursround keywordcount lasttip
    max min multiply nl nl2br nl2x offlineonly onlineonly pay playsound playtime pointname points
    pointtouser price random randomrank readfile readfileall readfilerand remainder removerole
    repeat requireargs round sanitizeuser sender senderrank senderrankonly setdiscordcompeting
    setdiscordlistening setdiscordplaying setdiscordstreaming setdiscordwatching setrole status
    subscribers subtract takepoints takepointsfromall takepointsorcancel team_member_followers
    team_member_game team_member_url team_members team_name team_random_member team_url titleinfo
    token touser transferpoints twitchcommand twitchsay unescape uptime url0a2nl useronly viewers
    writefile
    # @sender
    """.split()  # noqa: SIM905 - words, and not a line each
)
"""In small letters; places as `(1)` beside them."""
