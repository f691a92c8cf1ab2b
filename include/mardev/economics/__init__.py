"""What things cost, what they should bring, what they brought."""
