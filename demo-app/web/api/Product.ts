import * as z from 'zod/mini'

export const product = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  priceCents: z.number(),
  image: z.string(),
})

/** Something the shop sells; `image` names one of our own drawings. */
export type Product = z.infer<typeof product>
