/**
 * What steps of one kind have in common: which fields they have, in their order, and the values that are the same in all of them. What differs is
 * written for each step, in the order of the shape. Its text is JSON, and kept once in a file.
 */
export type StepShape = readonly ShapeField[]

/**
 * `own`: what the trail says, its reference. `own-trace`: the reference's own trace-id. `same`: this value in all steps. `text`, `number`: differs. `time`: a number that is near that of
 * the step before. `json`: differs, and may be anything. `members`: an object.
 */
export type ShapeField =
  | readonly ['own' | 'own-trace' | 'text' | 'number' | 'time' | 'json', string]
  | readonly ['same', string, unknown]
  | readonly ['members', string, StepShape]

/** Instead of the number of a shape: its text follows; the whole step follows as JSON. */
export const SHAPE_FOLLOWS = 0
export const STEP_FOLLOWS = 1
/** The first number that a shape may have in a file. */
export const FIRST_SHAPE = 2

/** How a text is written, in the lowest two bits of its length. */
export const TEXT = { plain: 0, before: 1, json: 2, hex: 3 } as const

/** How a number is written: as it is, as so many thousandths or millionths, or as the eight bytes of a double. */
export const NUMBER = { whole: 0, thousandths: 1, millionths: 2, double: 3 } as const

/** Texts as short as this are not worth a reference to where they stood before. */
export const SHORTEST_BEFORE = 3
