import type { Order } from '../api/Order.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { formatSecond } from '../layout/formatSecond.ts'
import { Link } from '../routing/Link.tsx'

/** What was ordered and what was charged for it, on a page whose one reference belongs to something else. */
export function OrderDetails({ order }: { order: Order }) {
  return (
    <section className="details" aria-labelledby="details-heading">
      <h2 id="details-heading">What you ordered</h2>
      <table className="rows">
        <tbody>
          {order.items.map(({ name, quantity, priceCents }) => (
            <tr key={name}>
              <th scope="row">{quantity > 1 ? `${quantity} × ${name}` : name}</th>
              <td>{formatMoney(priceCents * quantity)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="rows-total">
            <th scope="row">Total, VAT included</th>
            <td>{formatMoney(order.totalCents)}</td>
          </tr>
          {order.charges.map((charge) => (
            <tr className="hint" key={charge.id}>
              <th scope="row">Charged {formatSecond(charge.at)}</th>
              <td>{formatMoney(charge.amountCents)}</td>
            </tr>
          ))}
        </tfoot>
      </table>
      <p>
        <Link href={`/orders/${order.id}/receipt`}>See the receipt</Link>
      </p>
    </section>
  )
}
