/**
 * SQL that moves all times of the worker into the past by a number of milliseconds, as if that time had passed. With a
 * negative number, as if the clock had been put back.
 */
export function shiftIntoPastSql(ms: number): string {
  const move = (table: string, columns: readonly string[]) =>
    `UPDATE ${table} SET ${columns.map((name) => `${name} = ${name} - interval '${ms} ms'`).join(', ')};`;
  return `
    ${move('d365.subscription', ['next_due_at', 'woken_from', 'scheduled_at', 'leased_until', 'polled_at', 'started_at'])}
    ${move('d365.connection', ['blocked_until'])}
    ${move('d365.outbox', ['due_at', 'due_set_at', 'dead_at', 'created_at'])}
    ${move('d365.delivered', ['created_at', 'delivered_at'])}
    ${move('d365.sample', ['at'])}
    ${move('d365.target', ['blocked_until', 'set_at'])}
    ${move('d365_timer.job', ['start_after', 'heartbeat_on'])}
    UPDATE d365_timer.job SET state = 'retry', heartbeat_on = NULL
      WHERE state = 'active' AND heartbeat_on < now() - heartbeat_seconds * interval '1 s'`;
}
