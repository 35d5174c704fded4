import '@waybill/react/styles.css'
import './preview.css'
import type { Preview } from '@storybook/react-vite'
import { Page } from '../stage/Page.tsx'
import type { PageGlobals } from '../stage/Page.tsx'

const GLOBALS: PageGlobals = { theme: 'system', language: 'en', delivery: 'delivered', prefix: 'none' }

export default {
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    controls: { expanded: true, exclude: ['ref', 'labels'] },
    docs: { toc: true, canvas: { sourceState: 'none' } },
    options: {
      storySort: {
        order: [
          'start',
          ['Getting started', 'Styling', 'Themes', 'Languages', 'Refund'],
          'code',
          'failure',
          'done',
          'support',
        ],
      },
    },
  },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: { icon: 'contrast', items: ['system', 'light', 'dark'], dynamicTitle: true },
    },
    language: {
      description: 'The texts of the components, and their direction',
      toolbar: {
        icon: 'globe',
        items: [
          { value: 'en', title: 'English' },
          { value: 'de', title: 'German' },
          { value: 'es', title: 'Spanish' },
          { value: 'fr', title: 'French' },
          { value: 'ja', title: 'Japanese' },
          { value: 'ar', title: 'Arabic' },
        ],
        dynamicTitle: true,
      },
    },
    delivery: {
      description: 'Where the steps of the shown action are',
      toolbar: {
        icon: 'database',
        items: ['delivered', 'saved', 'memory', 'local-only', 'pending'],
        dynamicTitle: true,
      },
    },
    prefix: {
      description: 'What stands before the code',
      toolbar: {
        icon: 'bookmark',
        items: [
          { value: 'none', title: 'No prefix' },
          { value: 'ORD', title: 'ORD-' },
          { value: 'ORDER', title: 'ORDER-' },
        ],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { ...GLOBALS },
  decorators: [
    (Story, { globals, parameters, viewMode }) => (
      <Page
        {...GLOBALS}
        {...globals}
        actions={parameters['actions']}
        contact={parameters['contact']}
        isInDocs={viewMode === 'docs'}
      >
        <Story />
      </Page>
    ),
  ],
} satisfies Preview
