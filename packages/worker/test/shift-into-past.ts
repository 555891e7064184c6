/** SQL that moves all times of the worker into the past by a number of milliseconds, as if that time had passed. */
export function shiftIntoPastSql(ms: number): string {
  const duration = `interval '${ms} ms'`;
  return `
    UPDATE d365.subscription SET next_due_at = next_due_at - ${duration}, leased_until = leased_until - ${duration};
    UPDATE d365.connection SET blocked_until = blocked_until - ${duration};
    UPDATE d365.outbox SET due_at = due_at - ${duration};
    UPDATE d365_timer.job SET start_after = start_after - ${duration}, heartbeat_on = heartbeat_on - ${duration};
    UPDATE d365_timer.job SET state = 'retry', heartbeat_on = NULL
      WHERE state = 'active' AND heartbeat_on < now() - heartbeat_seconds * interval '1 s'`;
}
