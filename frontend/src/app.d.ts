declare global {
  namespace App {
    interface PageState {
      /** Set when a page was opened from a list, so that "back" returns to it. */
      fromList?: boolean;
    }
  }
}

export {};
