/** What is the same above and below every long list. */
export const lists = {
  filters: 'Filters',
  clear: 'Clear all filters',
  sort: 'Sort by',
  descending: 'High to low; change to low to high',
  ascending: 'Low to high; change to high to low',
  more: 'Show more',
  nothingText: 'Take one away, or clear them all.',
};
