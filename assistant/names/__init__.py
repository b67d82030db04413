"""What short forms stand for, and who or what bears a name."""
