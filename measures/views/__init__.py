"""Pages of the measure plan."""
