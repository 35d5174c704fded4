import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createDeskClient } from './createDeskClient.ts'
import { DeskPage } from './DeskPage.tsx'
import { ENGLISH } from './texts/english.ts'
import { TextsContext } from './texts/useTexts.ts'

const root = document.getElementById('desk')
if (!root) throw new Error('[waybill] The page has no element "desk" to draw into. Build the page again.')
createRoot(root).render(
  <StrictMode>
    <TextsContext value={ENGLISH}>
      <DeskPage client={createDeskClient()} />
    </TextsContext>
  </StrictMode>,
)
