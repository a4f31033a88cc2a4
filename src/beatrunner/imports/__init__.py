"""The one door for files: runs and listening history, single, in folders or in archives.

`receiving` puts an upload aside and enqueues a job. The job (`running`) first has everything opened
that holds files itself (`opening`; `unpacking` does it in a child process), so that each file has a
row. Then it asks a child what each is and what it says (`reading`), and hands the answer to
whichever slice said it stores that kind (`outcomes.FileImporter`). Every file ends with an outcome
in words; a file is stored in one transaction together with its outcome, so an import that is killed
goes on where it was.
"""
