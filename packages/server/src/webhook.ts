export { createDeliveryMemory } from './webhook/createDeliveryMemory.ts'
export type { RememberDelivery, RememberedDelivery } from './webhook/createDeliveryMemory.ts'
export { tracedDeliveries } from './webhook/tracedDeliveries.ts'
export type { DeliveriesOptions, Delivery, TracedDeliveries } from './webhook/tracedDeliveries.ts'
