/** `{@attach takeFocus}`: what comes in place of something else takes the focus that was there. */
export const takeFocus = (element: HTMLElement): void => element.focus();
