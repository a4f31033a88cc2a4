"""The application: routes of all slices behind one set of guards, and the pages."""
