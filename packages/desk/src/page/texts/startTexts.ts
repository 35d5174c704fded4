/** What the start says. */
export const START_TEXTS = {}
