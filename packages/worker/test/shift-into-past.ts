/** Statements after which the database believes that so much time went by: everything moves into the past. */
export function shiftIntoPastSql(ms: number): string {
  const back = `interval '${ms} ms'`;
  return `
    UPDATE d365.subscription SET next_due_at = next_due_at - ${back}, leased_until = leased_until - ${back};
    UPDATE d365.connection SET blocked_until = blocked_until - ${back};
    UPDATE d365.outbox SET due_at = due_at - ${back};
    UPDATE d365_timer.job SET start_after = start_after - ${back}, heartbeat_on = heartbeat_on - ${back};
    UPDATE d365_timer.job SET state = 'retry', heartbeat_on = NULL
      WHERE state = 'active' AND heartbeat_on < now() - heartbeat_seconds * interval '1 s'`;
}
