"""`make rehearse`: everything deployed from nothing to an AWS of this machine, and spoken with."""
