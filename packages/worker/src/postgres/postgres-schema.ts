/**
 * The tables of the worker. Times come from the clock of the database, because the clocks of workers differ.
 * `scheduled_at`, `due_set_at` and `set_at` are the times at which a due time was set: in the future, they show that the
 * clock was put back since. `woken_from` is the due time before a wake. Columns that were added after version 0.1.0 are
 * added to existing tables. Delivered events have a table of their own, so that their number does not matter to claims and
 * limits of the outbox.
 */
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
  CREATE TABLE IF NOT EXISTS d365.target (
    name text PRIMARY KEY,
    failures integer NOT NULL,
    blocked_until timestamptz,
    set_at timestamptz NOT NULL,
    reason text NOT NULL
  );
  CREATE TABLE IF NOT EXISTS d365.delivered (
    sequence bigint PRIMARY KEY,
    subscription text NOT NULL,
    target text NOT NULL,
    record text NOT NULL,
    item text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamptz NOT NULL,
    delivered_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE IF NOT EXISTS d365.sample (
    subscription text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    late_ms float8 NOT NULL,
    events bigint NOT NULL,
    delivered bigint NOT NULL,
    waiting bigint NOT NULL,
    dead bigint NOT NULL,
    PRIMARY KEY (subscription, at)
  );
  ALTER TABLE d365.subscription
    ADD COLUMN IF NOT EXISTS feed text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS target text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS every_ms double precision NOT NULL DEFAULT 60000,
    ADD COLUMN IF NOT EXISTS scheduled_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS started_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS resumed boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS feed_state text,
    ADD COLUMN IF NOT EXISTS forgotten bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS origin text NOT NULL DEFAULT 'file',
    ADD COLUMN IF NOT EXISTS wakes bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS woken_from timestamptz,
    ADD COLUMN IF NOT EXISTS interval_ms double precision,
    ADD COLUMN IF NOT EXISTS push text;
  ALTER TABLE d365.outbox
    ADD COLUMN IF NOT EXISTS target text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS due_set_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS refusals integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS dead_at timestamptz,
    ADD COLUMN IF NOT EXISTS replay text,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now();
  DROP INDEX IF EXISTS d365.outbox_due;
  DROP INDEX IF EXISTS d365.outbox_record;
  CREATE INDEX IF NOT EXISTS outbox_subscription ON d365.outbox (subscription, sequence);
  CREATE INDEX IF NOT EXISTS outbox_target ON d365.outbox (target, due_at, sequence) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_row ON d365.outbox (target, record, sequence) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_dead ON d365.outbox (sequence) WHERE dead IS NOT NULL;
  CREATE INDEX IF NOT EXISTS delivered_subscription ON d365.delivered (subscription, sequence);
  CREATE INDEX IF NOT EXISTS delivered_age ON d365.delivered (delivered_at);
  CREATE INDEX IF NOT EXISTS sample_age ON d365.sample (at);
  CREATE INDEX IF NOT EXISTS subscription_feed ON d365.subscription (feed);
  CREATE INDEX IF NOT EXISTS subscription_target ON d365.subscription (target);
  UPDATE d365.outbox SET target = subscription WHERE target = '';
  UPDATE d365.subscription SET feed = id WHERE feed = '';
`;
