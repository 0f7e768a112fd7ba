"""What the router serves itself: ordinary modules, one file each with its `MODULE`."""
