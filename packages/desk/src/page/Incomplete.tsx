import { unseenText } from '../lookup/unseenText.ts'
import type { Unseen } from '../store/Unseen.ts'

/** That an answer is not the whole: what could not be seen, and what that means. Nothing where it is. */
export function Incomplete({ unseen, text }: IncompleteProps) {
  if (unseen.length === 0) return null
  return (
    <div className="incomplete" role="note" aria-label="This is not everything">
      <p>
        <strong>This is not everything.</strong> {text}
      </p>
      <ul>
        {unseenText(unseen).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
}

export interface IncompleteProps {
  readonly unseen: readonly Unseen[]
  /** What it means for who reads the answer. */
  readonly text: string
}
