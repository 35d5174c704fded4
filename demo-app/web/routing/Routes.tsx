import { BackOfficePage } from '../backOffice/BackOfficePage.tsx'
import { CartPage } from '../cart/CartPage.tsx'
import { CheckoutPage } from '../checkout/CheckoutPage.tsx'
import { HelpPage } from '../help/HelpPage.tsx'
import { NotFoundPage } from '../layout/NotFoundPage.tsx'
import { OrderPage } from '../orders/OrderPage.tsx'
import { OrdersPage } from '../orders/OrdersPage.tsx'
import { ReceiptPage } from '../orders/ReceiptPage.tsx'
import { ShopPage } from '../shop/ShopPage.tsx'
import { SignUpPage } from '../signUp/SignUpPage.tsx'

/** The page for a path. */
export function Routes({ path }: { path: string }) {
  const [first = '', id, part, ...more] = path.split('/').slice(1).map(decodeSegment)
  if (more.length > 0) return <NotFoundPage />
  if (first === 'orders' && id && part === 'receipt') return <ReceiptPage orderId={id} />
  if (part !== undefined) return <NotFoundPage />
  if (first === 'orders' && id) return <OrderPage orderId={id} />
  if (id) return <NotFoundPage />
  switch (first) {
    case '':
      return <ShopPage />
    case 'cart':
      return <CartPage />
    case 'checkout':
      return <CheckoutPage />
    case 'orders':
      return <OrdersPage />
    case 'sign-up':
      return <SignUpPage />
    case 'help':
      return <HelpPage />
    case 'back-office':
      return <BackOfficePage />
    default:
      return <NotFoundPage />
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
