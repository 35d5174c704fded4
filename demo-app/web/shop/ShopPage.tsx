import { Page } from '../layout/Page.tsx'
import { AccountNews } from '../refunds/AccountNews.tsx'
import { ProductGrid } from './ProductGrid.tsx'

/** The landing page: what needs the customer's attention, then everything the shop sells. */
export function ShopPage() {
  return (
    <Page title="Paper goods and pens" lead="Plain things, well made, meant to be used up." width="wide">
      <AccountNews />
      <ProductGrid />
    </Page>
  )
}
