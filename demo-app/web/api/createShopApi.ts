import ky from 'ky'
import * as z from 'zod/mini'
import { customer } from './Customer.ts'
import { tellingNotSent } from './NotSentError.ts'
import { order } from './Order.ts'
import { product } from './Product.ts'
import { reference } from './reference.ts'
import { refund } from './Refund.ts'

/**
 * The shop's API as functions. Every answer is checked; every failure is one of ky's errors, or a `NotSentError`. Nothing is tried again in here:
 * React Query repeats the reading, and only the customer repeats the doing.
 */
export function createShopApi({ fetch }: { fetch: typeof globalThis.fetch }) {
  const http = ky.create({ fetch: tellingNotSent(fetch), prefix: '/api', retry: 0, timeout: 20_000 })
  return {
    session: () => http.get('session').json(session),
    products: async () => (await http.get('products').json(z.object({ products: z.array(product) }))).products,
    orders: async () => (await http.get('orders').json(z.object({ orders: z.array(order) }))).orders,
    order: async (id: string) => (await http.get(`orders/${encodeURIComponent(id)}`).json(oneOrder)).order,
    refund: async (id: string) => (await http.get(`refunds/${encodeURIComponent(id)}`).json(oneRefund)).refund,
    signUp: async (person: { name: string; email: string }) =>
      (await http.post('sign-up', { json: person }).json(z.object({ customer }))).customer,
    checkout: async (purchase: Purchase) => (await http.post('checkout', { json: purchase }).json(oneOrder)).order,
    requestRefund: async (orderId: string) =>
      (await http.post(`orders/${encodeURIComponent(orderId)}/refund`).json(oneRefund)).refund,
    startNightlySync: async () => (await http.post('back-office/nightly-sync').json(syncStarted)).run,
    sendCarrierWebhook: async (orderId: string) => {
      await http.post('back-office/carrier-webhook', { json: { orderId } })
      return { orderId }
    },
  }
}

export type ShopApi = ReturnType<typeof createShopApi>

export interface Purchase {
  readonly items: readonly { readonly productId: string; readonly quantity: number }[]
  readonly card: { readonly number: string; readonly expiry: string; readonly cvc: string }
}

const session = z.object({ customer, deskUrl: z.string() })
const oneOrder = z.object({ order })
const oneRefund = z.object({ refund })
const syncStarted = z.object({ run: z.object({ reference }) })
