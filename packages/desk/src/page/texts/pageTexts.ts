/** What the page says. */
export const PAGE_TEXTS = {}
