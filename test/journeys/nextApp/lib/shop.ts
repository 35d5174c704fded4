import { setTimeout as sleep } from 'node:timers/promises'
import { logger } from './waybill'

/** What the shop does: it logs, it waits, and for A-1001 it breaks. */
export async function requestRefund(order: string) {
  await sleep(5)
  logger.info({ order }, 'refund requested')
  breakFor(order)
  return { order }
}

export async function loadOrder(order: string) {
  await sleep(5)
  logger.info({ order }, 'order loaded')
  breakFor(order)
  return { order }
}

export async function placeOrder(form: FormData) {
  await sleep(5)
  logger.info('order placed')
  breakFor(form.get('order'))
}

function breakFor(order: unknown) {
  if (order === 'A-1001') throw new RangeError('the secret of the bank')
  if (order === 'A-1002') throw shared
}

/** As of a promise that several requests await. */
const shared = new RangeError('the connection was lost')
