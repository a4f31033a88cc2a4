/** Colours of the page for a canvas, which does not understand custom properties. */

/** The computed colour of e.g. `var(--muted)` as seen from an element. */
export function inkOf(element: HTMLElement, css: string): string {
  const before = element.style.color;
  element.style.color = css;
  const color = getComputedStyle(element).color;
  element.style.color = before;
  return color;
}
