"""The door and the processes: channels in and out, and the shell round the pure core."""
