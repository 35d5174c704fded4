/** What the find says. */
export const FIND_TEXTS = {}
