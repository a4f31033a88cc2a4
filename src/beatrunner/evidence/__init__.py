"""What several sources told of one play or of one track, and the runner's word on that."""
