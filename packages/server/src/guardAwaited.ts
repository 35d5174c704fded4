import type { ServerWaybill } from './ServerWaybill.ts'

/** As `guard`, of what has to be waited for: a fault goes to `onError`, and there is no result. */
export async function guardAwaited<T>(waybill: ServerWaybill, fn: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await fn()
  } catch (error) {
    return waybill.guard(() => {
      throw error
    })
  }
}
