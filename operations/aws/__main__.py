"""`python -m operations.aws`: what the Makefile calls."""

import sys

from operations.aws import main

sys.exit(main(sys.argv[1:]))
