"""What is served in process: ordinary modules, one file each with its `MODULE`."""
