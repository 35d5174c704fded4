import * as z from 'zod/mini'

/** Whoever is at the till; a fresh visitor is a sample customer until they sign up. */
export const customer = z.object({ id: z.string(), name: z.string(), signedUp: z.boolean() })
