/** Where all trails of a customer stand: 64 bits of the hash tell one customer from every other, and are short enough to hand on. */
export function customerAddress(person: string): string {
  return `/customer/${person.slice(0, 16)}`
}
