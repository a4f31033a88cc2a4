"""What the project promises about its own text: sizes, names, places, locks, documents.

Each promise is a plain check on the syntax tree or the text. `./dev check` runs them alone.
"""
