/** What the person says. */
export const PERSON_TEXTS = {}
