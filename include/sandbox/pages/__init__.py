"""Pages for people who look into the simulated world. They work offline and show on each page that nothing is real."""
