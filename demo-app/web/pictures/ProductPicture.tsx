import type { ComponentType } from 'react'
import { DeskPad } from './DeskPad.tsx'
import { FountainPen } from './FountainPen.tsx'
import { InkBottle } from './InkBottle.tsx'
import { LetterSet } from './LetterSet.tsx'
import { Notebook } from './Notebook.tsx'
import { PaperTape } from './PaperTape.tsx'
import { Parcel } from './Parcel.tsx'
import { Pencils } from './Pencils.tsx'
import { Sketchbook } from './Sketchbook.tsx'

const drawings: Readonly<Record<string, ComponentType>> = {
  notebook: Notebook,
  'fountain-pen': FountainPen,
  ink: InkBottle,
  pencils: Pencils,
  'letter-set': LetterSet,
  'desk-pad': DeskPad,
  sketchbook: Sketchbook,
  tape: PaperTape,
}

/** The drawing of a product by its name; a parcel for one that has no drawing. Its words stand beside it, so it has none. */
export function ProductPicture({ name }: { name: string }) {
  const Drawing = drawings[name] ?? Parcel
  return (
    <div className="picture" data-picture={name} aria-hidden="true">
      <svg viewBox="0 0 240 240">
        <Drawing />
      </svg>
    </div>
  )
}
