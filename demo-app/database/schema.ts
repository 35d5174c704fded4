import { auditSql, auditTriggerSql } from '@waybill/server/sql'

/** The shop's tables, in a schema of their own so that a shared database stays as it was. Every row knows the reference it was written under. */
export const SCHEMA = 'waybill_demo'

/** The queue's own schema, in the same database. */
export const QUEUE_SCHEMA = 'waybill_demo_queue'

const TABLES = `
CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
CREATE SEQUENCE IF NOT EXISTS ${SCHEMA}.customer_number START 2041;
CREATE SEQUENCE IF NOT EXISTS ${SCHEMA}.order_number START 1001;
CREATE SEQUENCE IF NOT EXISTS ${SCHEMA}.refund_number START 501;
CREATE SEQUENCE IF NOT EXISTS ${SCHEMA}.charge_number START 90001;
CREATE TABLE IF NOT EXISTS ${SCHEMA}.customers (
  id text PRIMARY KEY DEFAULT 'C-' || nextval('${SCHEMA}.customer_number'),
  visit text NOT NULL UNIQUE,
  name text NOT NULL,
  email_hash text,
  signed_up_at timestamptz,
  trace_reference text DEFAULT nullif(current_setting('app.trace_reference', true), '')
);
CREATE TABLE IF NOT EXISTS ${SCHEMA}.orders (
  id text PRIMARY KEY DEFAULT 'A-' || nextval('${SCHEMA}.order_number'),
  customer_id text NOT NULL REFERENCES ${SCHEMA}.customers,
  placed_at timestamptz NOT NULL DEFAULT now(),
  items jsonb NOT NULL,
  total_cents integer NOT NULL,
  shipment text NOT NULL DEFAULT 'preparing',
  synced_at timestamptz,
  trace_reference text DEFAULT nullif(current_setting('app.trace_reference', true), '')
);
CREATE INDEX IF NOT EXISTS orders_by_customer ON ${SCHEMA}.orders (customer_id);
CREATE TABLE IF NOT EXISTS ${SCHEMA}.charges (
  id text PRIMARY KEY DEFAULT 'ch_' || nextval('${SCHEMA}.charge_number'),
  order_id text NOT NULL REFERENCES ${SCHEMA}.orders,
  amount_cents integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  trace_reference text DEFAULT nullif(current_setting('app.trace_reference', true), '')
);
CREATE INDEX IF NOT EXISTS charges_by_order ON ${SCHEMA}.charges (order_id);
CREATE TABLE IF NOT EXISTS ${SCHEMA}.bookings (
  order_id text PRIMARY KEY REFERENCES ${SCHEMA}.orders,
  total_cents integer NOT NULL CHECK (total_cents > 0),
  trace_reference text DEFAULT nullif(current_setting('app.trace_reference', true), '')
);
CREATE TABLE IF NOT EXISTS ${SCHEMA}.refunds (
  id text PRIMARY KEY DEFAULT 'R-' || nextval('${SCHEMA}.refund_number'),
  order_id text NOT NULL UNIQUE REFERENCES ${SCHEMA}.orders,
  amount_cents integer NOT NULL,
  status text NOT NULL DEFAULT 'pending review',
  handed_over boolean NOT NULL DEFAULT false,
  requested_at timestamptz NOT NULL DEFAULT now(),
  trace_reference text DEFAULT nullif(current_setting('app.trace_reference', true), '')
);
`

const AUDIT = `${SCHEMA}.trace_audit`
const AUDITED = ['customers', 'orders', 'charges', 'bookings', 'refunds']

/** Everything the shop needs in the database, safe to run again. */
export const SETUP = [
  TABLES,
  auditSql({ table: AUDIT }),
  ...AUDITED.map((table) => auditTriggerSql({ on: `${SCHEMA}.${table}`, table: AUDIT })),
].join('\n')
