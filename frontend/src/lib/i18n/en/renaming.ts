/** A name that is changed in its place. */
export const renaming = {
  start: 'Rename',
  save: 'Save',
  cancel: 'Cancel',
};
