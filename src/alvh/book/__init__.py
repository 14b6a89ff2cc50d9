"""What we hold: positions, marks, margin, settlement and portfolio measures."""
