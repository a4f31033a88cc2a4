"""Looking back: all runs on one map, and a year in music and miles."""
