/** `{@attach takeFocus}`: what comes in place of something else takes the focus that was there. */
export function takeFocus(element: HTMLElement): void {
  element.focus();
  // A dialog that is shown only after this looks for whoever asks for it.
  element.autofocus = true;
}

/** `{@attach keepFocus}`: when what had the focus within is taken away, the first button gets it. */
export function keepFocus(element: HTMLElement): () => void {
  let focused: EventTarget | null = null;
  const remember = ({ target }: FocusEvent) => (focused = target);
  const observer = new MutationObserver(() => {
    const isLost = focused instanceof Node && !focused.isConnected;
    if (isLost && document.activeElement === document.body)
      element.querySelector('button')?.focus();
  });
  element.addEventListener('focusin', remember);
  observer.observe(element, { childList: true, subtree: true });
  return () => {
    element.removeEventListener('focusin', remember);
    observer.disconnect();
  };
}
