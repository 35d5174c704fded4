import { createWaybill } from '@waybill/server'
import { processMessage, sendMessage } from '@waybill/server/messages'
import type { Redis } from 'ioredis'

const waybill = createWaybill({ service: 'refund-worker' })
const stream = { system: 'redis', destination: 'refunds' }

export function sendRefund(redis: Redis, refundId: string): Promise<string | null> {
  return sendMessage(waybill, stream, (carrier) =>
    redis.xadd('refunds', '*', 'refundId', refundId, ...Object.entries(carrier).flat()),
  )
}

export function workOn(id: string, fields: Record<string, string>, attempt: number): Promise<void> {
  const message = { ...stream, carrier: fields, jobId: id, identity: `refunds ${id}`, attempt }
  return processMessage(waybill, message, (step) => step.note({ refund: fields['refundId'] }))
}
