import { useSyncExternalStore } from 'react'
import type { Product } from '../api/Product.ts'
import { useProducts } from '../api/useProducts.ts'
import { currentCart, onCartChange } from './cartStore.ts'

export interface CartLine {
  readonly product: Product
  readonly quantity: number
}

/** What is in the cart, priced as soon as the products are known. */
export function useCart() {
  const cart = useSyncExternalStore(onCartChange, currentCart)
  const products = useProducts()
  const lines: readonly CartLine[] = (products.data ?? []).flatMap((product) => {
    const quantity = cart[product.id] ?? 0
    return quantity > 0 ? [{ product, quantity }] : []
  })
  return {
    lines,
    products,
    count: Object.values(cart).reduce((sum, quantity) => sum + quantity, 0),
    totalCents: lines.reduce((sum, { product, quantity }) => sum + product.priceCents * quantity, 0),
  }
}
