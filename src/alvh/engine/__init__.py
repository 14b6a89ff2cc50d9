"""The session loop: one path for every strategy and every market."""
