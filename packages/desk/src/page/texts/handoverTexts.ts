/** What the handover says. */
export const HANDOVER_TEXTS = {}
