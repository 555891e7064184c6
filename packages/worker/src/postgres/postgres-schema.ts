/** The tables of the worker. Times come from the clock of the database, because the clocks of workers differ. */
export const postgresWorkerSchema = `
  CREATE TABLE IF NOT EXISTS d365.connection (
    name text PRIMARY KEY,
    blocked_until timestamptz
  );
  CREATE TABLE IF NOT EXISTS d365.subscription (
    id text PRIMARY KEY,
    connection text NOT NULL,
    trigger text NOT NULL,
    inactive boolean NOT NULL DEFAULT false,
    paused_by text,
    epoch bigint NOT NULL DEFAULT 0,
    leased_until timestamptz,
    next_due_at timestamptz NOT NULL DEFAULT now(),
    polled_at timestamptz,
    checkpoint text,
    failure text,
    failures integer NOT NULL DEFAULT 0,
    polls bigint NOT NULL DEFAULT 0,
    events bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 60);
  CREATE INDEX IF NOT EXISTS subscription_leased ON d365.subscription (connection, leased_until)
    WHERE leased_until IS NOT NULL;
  CREATE TABLE IF NOT EXISTS d365.outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription text NOT NULL,
    record text NOT NULL,
    item text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    dead text
  );
  CREATE INDEX IF NOT EXISTS outbox_due ON d365.outbox (due_at, sequence) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_record ON d365.outbox (subscription, record, sequence) WHERE dead IS NULL;
`;
