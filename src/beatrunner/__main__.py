"""`python -m beatrunner` is `beatrunner`."""

from beatrunner.cli import main

main()
