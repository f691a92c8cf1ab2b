"""What holds the stages together: who works a stage, what the lanes report, when a stage hands over."""
