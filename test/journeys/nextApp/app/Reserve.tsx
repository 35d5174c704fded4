'use client'
import { useWaybill } from '@waybill/react'

/** Calls again after a timer, drop-in. */
export function Reserve() {
  const waybill = useWaybill()
  async function reserve() {
    await waybill.fetch('/api/orders?first')
    await new Promise((resolve) => setTimeout(resolve, 20))
    await waybill.fetch('/api/orders?after')
  }
  return <button onClick={() => void reserve()}>Reserve</button>
}
