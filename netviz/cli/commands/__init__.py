"""The commands, one file each: every module here has a ``command``, which is found by itself."""
