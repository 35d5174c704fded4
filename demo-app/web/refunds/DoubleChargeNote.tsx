import type { Order } from '../api/Order.ts'
import { formatMoment } from '../layout/formatMoment.ts'
import { formatMoney } from '../layout/formatMoney.ts'

/** The calm news of a double charge, with the one thing to do about it. */
export function DoubleChargeNote({ order, onRequest }: { order: Order; onRequest: () => void }) {
  const [first] = order.charges
  return (
    <section className="note" aria-labelledby="double-charge">
      <div>
        <h2 id="double-charge">
          You were charged twice for order <span className="nowrap">{order.id}</span>
        </h2>
        {first && (
          <p>
            On {formatMoment(first.at)} your card paid {formatMoney(first.amountCents)} two times. The second charge was
            our mistake, and you can have it back.
          </p>
        )}
      </div>
      <button
        type="button"
        className="button"
        data-look="primary"
        data-waybill-action="Request refund"
        onClick={onRequest}
      >
        Request refund
      </button>
    </section>
  )
}
