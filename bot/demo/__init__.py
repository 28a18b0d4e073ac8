"""A tour that shows Pilotgate at work, on files that come with it or on a checkout of yours."""
