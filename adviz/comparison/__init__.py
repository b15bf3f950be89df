"""What each way to differentiate costs, and how exact it is."""
