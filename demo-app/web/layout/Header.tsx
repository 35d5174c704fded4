import { useSession } from '../api/useSession.ts'
import { useCart } from '../cart/useCart.ts'
import { Link } from '../routing/Link.tsx'
import { Wordmark } from './Wordmark.tsx'

/** The name of the shop, the ways through it, and the cart. */
export function Header() {
  const { count } = useCart()
  const signedUp = useSession().data?.customer.signedUp ?? false
  return (
    <header className="header">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className="header-row">
        <Link href="/" className="home" aria-label="Deckle, to the shop">
          <Wordmark />
        </Link>
        <nav aria-label="Shop">
          <Link href="/orders">Orders</Link>
          {!signedUp && <Link href="/sign-up">Sign up</Link>}
          <Link href="/cart" className="cart-link">
            Cart
            {count > 0 && (
              <>
                <span className="cart-count" aria-hidden="true">
                  {count}
                </span>
                <span className="visually-hidden">, {count === 1 ? '1 item' : `${count} items`}</span>
              </>
            )}
          </Link>
        </nav>
      </div>
    </header>
  )
}
