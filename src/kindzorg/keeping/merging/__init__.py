"""Two files of one child: found, compared, put together, and parted again."""
