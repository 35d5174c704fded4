import { ErrorNotice } from '@waybill/react'
import { useState } from 'react'
import { useShopApi } from '../api/ShopApiContext.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { saveCart } from './saveCart.ts'
import type { SavedCart } from './savedCart.ts'

type Saving =
  | { readonly state: 'idle' | 'saving' }
  | { readonly state: 'saved'; readonly saved: SavedCart }
  | { readonly state: 'failed'; readonly error: unknown }

/** Puts the cart by on this device. */
export function SaveCart() {
  const api = useShopApi()
  const [saving, setSaving] = useState<Saving>({ state: 'idle' })

  async function save() {
    if (saving.state === 'saving') return
    setSaving({ state: 'saving' })
    try {
      setSaving({ state: 'saved', saved: await saveCart(api) })
    } catch (error) {
      setSaving({ state: 'failed', error })
    }
  }

  return (
    <>
      <button
        type="button"
        className="button"
        data-waybill-action="Save cart"
        aria-disabled={saving.state === 'saving'}
        onClick={() => void save()}
      >
        Save for later
      </button>
      <output className="hint">
        {saving.state === 'saving' && 'Saving …'}
        {saving.state === 'saved' && `Saved on this device. It costs ${formatMoney(saving.saved.totalCents)} today.`}
      </output>
      {saving.state === 'failed' && (
        <ErrorNotice title="Your cart was not saved." error={saving.error} onRetry={() => void save()} />
      )}
    </>
  )
}
