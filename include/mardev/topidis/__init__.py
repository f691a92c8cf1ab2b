"""Topological discovery of influencers: who endorses whom, who counts, which verticals there are, whom to ask first."""
