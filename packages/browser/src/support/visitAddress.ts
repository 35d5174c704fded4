/** The page goes to an address; a `mailto:` leaves it where it is. */
export function visitAddress(address: string): void {
  location.assign(address)
}
