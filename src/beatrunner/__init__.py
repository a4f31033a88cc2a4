"""BeatRunner: which music makes you run, and a treadmill that follows the beat."""
