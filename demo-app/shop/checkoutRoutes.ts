import { Hono } from 'hono'
import { z } from 'zod'
import { orderOf, placeOrder } from './Order.ts'
import { PRODUCTS } from './products.ts'
import type { Shop, ShopEnv } from './Shop.ts'

const purchase = z.object({
  items: z
    .array(z.object({ productId: z.string(), quantity: z.int().min(1).max(99) }))
    .min(1)
    .max(50),
  card: z.object({ number: z.string().max(40), expiry: z.string().max(10), cvc: z.string().max(6) }),
})

/** Products, and buying them. */
export function checkoutRoutes({ pool, waybill, database, log }: Shop): Hono<ShopEnv> {
  return new Hono<ShopEnv>()
    .get('/products', (context) => context.json({ products: PRODUCTS }))
    .post('/checkout', async (context) => {
      const parsed = purchase.safeParse(await context.req.json().catch(() => undefined))
      const items = parsed.success ? itemsOf(parsed.data.items) : undefined
      if (!parsed.success || !items) {
        waybill.effect('none')
        return waybill.problem({
          status: 422,
          type: '/problems/invalid',
          title: 'The order could not be read.',
          detail: 'Go back to the cart and try again.',
        })
      }
      const { card } = parsed.data
      const declined = await waybill.run({ hop: 'tool', name: 'charge the card' }, async (step) => {
        const refusal = refusalOf(card.number)
        if (refusal) {
          step.set({ errorType: refusal })
          step.effect('none')
        }
        return refusal
      })
      if (declined) {
        waybill.effect('none')
        return waybill.problem({
          status: 402,
          type: `/problems/${declined}`,
          title: declined === 'card_declined' ? 'The bank declined this card.' : 'This card number is not complete.',
          detail: 'Nothing was charged. Use another card, or ask your bank.',
        })
      }
      const customerId = context.get('customerId')
      const orderId = await database.transaction('write the order', (client) =>
        placeOrder(client, { customerId, items }),
      )
      waybill.note({ order: orderId })
      waybill.effect('done', 'paid')
      log.info({ order: orderId }, 'order placed')
      return context.json({ order: await orderOf(pool, customerId, orderId) }, 201)
    })
}

function itemsOf(lines: readonly { productId: string; quantity: number }[]) {
  const items = lines.flatMap(({ productId, quantity }) => {
    const product = PRODUCTS.find(({ id }) => id === productId)
    return product ? [{ name: product.name, priceCents: product.priceCents, quantity }] : []
  })
  return items.length === lines.length ? items : undefined
}

/** The stand-in for a payment provider: the test numbers that card networks publish, and Luhn's check for all others. */
function refusalOf(cardNumber: string): 'card_declined' | 'card_invalid' | undefined {
  const digits = cardNumber.replace(/\D/g, '')
  if (digits === '4000000000000002') return 'card_declined'
  const sum = [...digits].toReversed().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits.length >= 12 && digits.length <= 19 && sum % 10 === 0 ? undefined : 'card_invalid'
}
