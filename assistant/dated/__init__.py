"""Lines under the dates of their issues: digests, mentions, developments and what holds now."""
