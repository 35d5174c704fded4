/** What the timeline says. */
export const TIMELINE_TEXTS = {}
