"""Routes for the places that a runner hides."""
