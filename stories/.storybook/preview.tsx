import '@waybill/react/styles.css'
import './preview.css'
import { WaybillProvider } from '@waybill/react'
import type { Preview } from '@storybook/react-vite'
import { stillWaybill } from '../stillWaybill.ts'

export default {
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    /** Where the shown action's steps are: `pending`, `saved`, `delivered` or `memory`. */
    delivery: 'delivered',
    prefix: undefined,
  },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: { icon: 'contrast', items: ['system', 'light', 'dark'], dynamicTitle: true },
    },
    direction: {
      description: 'Reading direction',
      toolbar: { icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: 'system', direction: 'ltr' },
  decorators: [
    (Story, { globals, parameters }) => (
      <div className="page" data-theme={globals['theme']} dir={globals['direction']}>
        <WaybillProvider
          waybill={stillWaybill({ delivery: parameters['delivery'], prefix: parameters['prefix'] })}
          labels={parameters['labels']}
          contact={parameters['contact']}
        >
          <Story />
        </WaybillProvider>
      </div>
    ),
  ],
} satisfies Preview
