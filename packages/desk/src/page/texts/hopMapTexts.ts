/** What the hopMap says. */
export const HOP_MAP_TEXTS = {}
