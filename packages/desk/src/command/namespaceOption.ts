import { Option } from 'commander'

/** The same option for every command; `WAYBILL_NAMESPACE` saves typing it. */
export function namespaceOption(): Option {
  return new Option('-n, --namespace <name>', 'the namespace your services use').env('WAYBILL_NAMESPACE').default('')
}
