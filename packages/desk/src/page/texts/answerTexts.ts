/** What the answer says. */
export const ANSWER_TEXTS = {}
