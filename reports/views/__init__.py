"""Views of the papers and of the year's pages."""
