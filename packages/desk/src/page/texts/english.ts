import { ANSWER_TEXTS } from './answerTexts.ts'
import { FIND_TEXTS } from './findTexts.ts'
import { HANDOVER_TEXTS } from './handoverTexts.ts'
import { HOP_MAP_TEXTS } from './hopMapTexts.ts'
import { PAGE_TEXTS } from './pageTexts.ts'
import { PERSON_TEXTS } from './personTexts.ts'
import { START_TEXTS } from './startTexts.ts'
import { TIMELINE_TEXTS } from './timelineTexts.ts'

/** Every text of the page by itself. What happened is told in the sentences of the trail, which come with it. */
export const ENGLISH = {
  page: PAGE_TEXTS,
  start: START_TEXTS,
  find: FIND_TEXTS,
  answer: ANSWER_TEXTS,
  hopMap: HOP_MAP_TEXTS,
  timeline: TIMELINE_TEXTS,
  handover: HANDOVER_TEXTS,
  person: PERSON_TEXTS,
}

export type DeskTexts = typeof ENGLISH
