"""Attacks as data: what a newsletter's author or a reader may try. Each newsletter also holds one honest fact."""
