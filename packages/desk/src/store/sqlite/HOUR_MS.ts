/** Trails remember the hour they were last added to, not the moment, so that their index changes seldom. */
export const HOUR_MS = 3_600_000
