import type { CartLine } from '../cart/useCart.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { Link } from '../routing/Link.tsx'

/** What is being paid for. */
export function Bill({ lines, totalCents }: { lines: readonly CartLine[]; totalCents: number }) {
  return (
    <aside className="bill" aria-labelledby="bill-heading">
      <h2 id="bill-heading">Your order</h2>
      <table className="rows">
        <tbody>
          {lines.map(({ product, quantity }) => (
            <tr key={product.id}>
              <th scope="row">{quantity > 1 ? `${quantity} × ${product.name}` : product.name}</th>
              <td>{formatMoney(product.priceCents * quantity)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Postage</th>
            <td>Included</td>
          </tr>
          <tr className="rows-total">
            <th scope="row">Total, VAT included</th>
            <td>{formatMoney(totalCents)}</td>
          </tr>
        </tfoot>
      </table>
      <Link href="/cart">Change the cart</Link>
    </aside>
  )
}
