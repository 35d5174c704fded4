import { setQuantity } from './cartStore.ts'
import type { CartLine } from './useCart.ts'

/** One less, the number, one more. */
export function QuantityField({ line: { product, quantity } }: { line: CartLine }) {
  return (
    <fieldset className="quantity" aria-label={`Quantity of ${product.name}`}>
      <button type="button" aria-label="One less" onClick={() => setQuantity(product.id, quantity - 1)}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 8h10" />
        </svg>
      </button>
      <output aria-live="polite">{quantity}</output>
      <button type="button" aria-label="One more" onClick={() => setQuantity(product.id, quantity + 1)}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 8h10M8 3v10" />
        </svg>
      </button>
    </fieldset>
  )
}
