"""Who lives in the world, whom they follow and what they publish. Pure functions of the seed."""
