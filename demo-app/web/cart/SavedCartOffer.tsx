import { useEffect, useState } from 'react'
import { useSession } from '../api/useSession.ts'
import { setQuantity } from './cartStore.ts'
import { savedCartOf } from './savedCart.ts'
import type { SavedCart } from './savedCart.ts'

/** Offers the cart that was put by, if there is one. */
export function SavedCartOffer() {
  const customerId = useSession().data?.customer.id
  const [saved, setSaved] = useState<SavedCart>()
  useEffect(() => {
    // Without the device's database there is nothing to offer.
    if (customerId) void savedCartOf(customerId).then(setSaved, () => {})
  }, [customerId])
  if (!saved) return null

  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        for (const [id, quantity] of Object.entries(saved.cart)) setQuantity(id, quantity)
      }}
    >
      Take the cart you saved
    </button>
  )
}
