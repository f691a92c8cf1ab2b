"""What the simulated Google APIs share: error bodies, parameters, partial answers, paging, batch."""
