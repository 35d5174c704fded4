import type { Owner } from '../../lookup/Match.ts'

/** Who looks after a place, and how they are reached. */
export function OwnerName({ owner: { name, contact, url } }: OwnerNameProps) {
  const words = contact === null ? name : `${name}, ${contact}`
  // Only what leads to a page or to a mail is a link, whatever was configured.
  if (url === null || !/^(https?:\/\/|mailto:)/i.test(url)) return words
  return (
    <a className="link" href={url} target="_blank" rel="noreferrer">
      {words}
    </a>
  )
}

export interface OwnerNameProps {
  readonly owner: Owner
}
