import { useProducts } from '../api/useProducts.ts'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { ProductCard } from './ProductCard.tsx'

/** Everything the shop sells. */
export function ProductGrid() {
  const products = useProducts()
  if (products.isError)
    return <LoadFailure what="The products" error={products.error} onRetry={() => void products.refetch()} />
  return (
    <section aria-labelledby="products-heading" aria-busy={products.isPending}>
      <h2 id="products-heading" className="visually-hidden">
        Products
      </h2>
      <ul className="products">
        {products.isPending
          ? Array.from({ length: 8 }, (_, index) => (
              <li className="product" key={index}>
                <div className="picture bone" />
                <span className="bone" />
              </li>
            ))
          : products.data.map((product) => (
              <li className="product" key={product.id}>
                <ProductCard product={product} />
              </li>
            ))}
      </ul>
    </section>
  )
}
