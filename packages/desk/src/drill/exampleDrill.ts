/** A drill to begin with, as `waybill drill --example` prints it: a refund over an API with a queue, a worker and PostgreSQL. */
export const EXAMPLE_DRILL = `{
  "action": {
    "http": {
      "method": "POST",
      "path": "/api/refunds",
      "headers": { "authorization": "Bearer $SHOP_TOKEN" },
      "body": { "order": "A-1001", "note": "$DRILL_MARKER" },
      "shown": "reference",
      "keep": { "DRILL_REFUND": "refund.id" }
    }
  },
  "failure": {
    "force": { "command": ["docker", "pause", "model"] },
    "undo": { "command": ["docker", "unpause", "model"] }
  },
  "within": "60s",
  "forged": { "path": "/api/orders", "headers": { "authorization": "Bearer $SHOP_TOKEN" } },
  "hops": [
    { "name": "api log", "hop": "api", "file": "logs/api.log", "field": "reference", "match": { "refund": "$DRILL_REFUND" } },
    {
      "name": "refunds queue",
      "hop": "queue",
      "command": ["psql", "--csv", "-v", "id=$DRILL_REFUND", "-c", "SELECT data, retry_count FROM pgboss.job WHERE name = 'refunds'"],
      "format": "csv",
      "match": { "data.refundId": "$DRILL_REFUND" }
    },
    {
      "name": "worker log",
      "hop": "worker",
      "command": "docker logs worker",
      "field": "reference",
      "match": { "refund": "$DRILL_REFUND" },
      "attempts": 3,
      "attemptField": "attempt"
    },
    { "name": "model log", "hop": "model", "file": "logs/model.log", "field": "trace-reference" },
    {
      "name": "dead letters",
      "hop": "dead-letters",
      "command": ["psql", "--csv", "-c", "SELECT data FROM pgboss.job WHERE name = 'refunds-dead'"],
      "format": "csv",
      "match": { "data.refundId": "$DRILL_REFUND" },
      "after": "refunds queue"
    },
    {
      "name": "refund row",
      "hop": "database",
      "command": "psql --csv -c \\"SELECT id, trace_reference FROM refunds WHERE id = '$DRILL_REFUND'\\"",
      "format": "csv",
      "field": "trace_reference",
      "after": "api log"
    },
    {
      "name": "nightly sync",
      "hop": "schedule",
      "trigger": { "http": { "method": "POST", "path": "/api/back-office/nightly-sync" } },
      "file": "logs/worker.log",
      "field": "reference",
      "match": { "msg": "nightly sync done" }
    },
    {
      "name": "desk",
      "desk": { "url": "http://localhost:4100", "token": "$WAYBILL_DESK_TOKEN", "services": ["shop-api", "refund-worker"] }
    }
  ]
}
`
