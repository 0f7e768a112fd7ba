"""Pictures and sounds that communities upload: read back, kept on record, served."""
