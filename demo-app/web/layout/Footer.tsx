import { Link } from '../routing/Link.tsx'

/** Says quietly what this shop is and which cards it takes, and leads to help. */
export function Footer() {
  return (
    <footer className="footer">
      <div className="footer-row">
        <p>Deckle is a demonstration shop. Nothing is sold, nothing is sent, and no card is charged.</p>
        <dl>
          <div>
            <dt>Card that is accepted</dt>
            <dd>4242 4242 4242 4242</dd>
          </div>
          <div>
            <dt>Card that is declined</dt>
            <dd>4000 0000 0000 0002</dd>
          </div>
        </dl>
        <nav aria-label="More">
          <Link href="/help">Help</Link>
          <Link href="/back-office">Back office</Link>
        </nav>
      </div>
    </footer>
  )
}
