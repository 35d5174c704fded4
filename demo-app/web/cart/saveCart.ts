import type { ShopApi } from '../api/createShopApi.ts'
import { currentCart } from './cartStore.ts'
import { putBy, savedCartOf } from './savedCart.ts'
import type { SavedCart } from './savedCart.ts'

/**
 * Puts the cart by for whoever is visiting, then looks at the prices once more. One action, though its calls have the device's
 * database and a timer between them: the page is built with `@waybill/carry`.
 */
export async function saveCart(api: ShopApi): Promise<SavedCart> {
  const { customer } = await api.session()
  const before = await savedCartOf(customer.id)
  await putBy(customer.id, { cart: currentCart(), totalCents: before?.totalCents ?? 0 })
  // Whoever goes on changing quantities is waited for.
  await quiet()
  const prices = new Map((await api.products()).map(({ id, priceCents }) => [id, priceCents]))
  const cart = currentCart()
  const totalCents = Object.entries(cart).reduce((sum, [id, quantity]) => sum + (prices.get(id) ?? 0) * quantity, 0)
  await putBy(customer.id, { cart, totalCents })
  return { cart, totalCents }
}

async function quiet(): Promise<void> {
  for (let seen; seen !== currentCart();) {
    seen = currentCart()
    await new Promise((go) => setTimeout(go, QUIET_MS))
  }
}

const QUIET_MS = 600
