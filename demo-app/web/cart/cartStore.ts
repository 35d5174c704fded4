import * as z from 'zod/mini'

/** How many of each product, by product id. */
export type Cart = Readonly<Record<string, number>>

const KEY = 'deckle.cart.1'
const MOST = 20
const saved = z.record(z.string(), z.number())
const listeners = new Set<() => void>()
let cart: Cart | undefined

/** The cart as it is; the same object until it changes. Kept over reloads where the browser allows it. */
export function currentCart(): Cart {
  return (cart ??= restore())
}

/** Puts `quantity` of a product into the cart, instead of what was there; 0 takes it out. */
export function setQuantity(productId: string, quantity: number): void {
  const { [productId]: _before, ...others } = currentCart()
  keep(quantity > 0 ? { ...others, [productId]: Math.min(quantity, MOST) } : others)
}

/** Empties the cart. */
export function emptyCart(): void {
  keep({})
}

/** Calls `listener` after each change. Returns how to stop. */
export function onCartChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function keep(next: Cart): void {
  cart = next
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Storage is full or forbidden: the cart then lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

function restore(): Cart {
  try {
    const parsed = saved.safeParse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}
