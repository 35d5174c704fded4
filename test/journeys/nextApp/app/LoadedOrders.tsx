'use client'
import { useWaybill } from '@waybill/react'
import { useEffect, useState } from 'react'

/** Calls while the page loads. */
export function LoadedOrders() {
  const waybill = useWaybill()
  const [orders, setOrders] = useState<string>()
  useEffect(() => {
    void waybill.fetch('/api/orders').then(async (response) => setOrders(await response.text()))
  }, [waybill])
  return <output>{orders}</output>
}
