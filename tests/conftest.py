"""Real servers for whoever asks; see tests/helpers/servers.py."""

import signal

from hypothesis import settings

from tests.helpers.servers import *  # noqa: F403 - fixtures are found by name

# What runs in the background of a script inherits a deaf SIGINT; the people of these tests press
# Ctrl-C, so what the tests start must hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine takes its time; what a test may take is the gate's business.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
