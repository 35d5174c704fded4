import type { OwnerEntry } from '@waybill/desk'

/** Who at the shop looks after which of its services: the first entry that fits counts. */
export const WHO_LOOKS_AFTER: readonly OwnerEntry[] = [
  { service: 'refund-worker', hop: 'model', name: 'Refund checks', contact: '#refund-checks in chat' },
  { service: 'refund-worker', name: 'Payments', contact: '#payments in chat', url: 'mailto:payments@shop.example' },
  { hop: 'webhook', name: 'Shipping', contact: '#shipping in chat', url: 'mailto:shipping@shop.example' },
  { hop: 'database', name: 'Data', contact: '#data in chat' },
  { service: 'shop-web', name: 'Web shop', contact: '#web-shop in chat', url: 'mailto:web-shop@shop.example' },
  { name: 'Shop', contact: '#shop in chat, or the telephone on call', url: 'tel:+1-555-0100' },
]
