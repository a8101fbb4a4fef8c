"""What people write of the care day by day: reports of professionals, and the daybook of the family."""
