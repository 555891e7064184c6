import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '../errors/connector-error.ts';
import type { Audit, AuditLine } from '../model/audit.ts';
import type { Clock } from '../model/runtime-services.ts';
import { assertOptions, type OptionsRule } from '../validation/assert-options.ts';
import { systemClock } from './clock.ts';

/** Where audit lines are kept, and for how long. */
export interface AuditLogOptions {
  /** The folder; it is created. Its files are `2026-12-01.jsonl`, one for each day in UTC, for their owner only. */
  readonly folder: string;
  /** How many days are kept, today included. Default: all. */
  readonly keepDays?: number;
  /** Who writes outside of `runAs`. Default: the user of the operating system, `os:anna`. */
  readonly actor?: string;
  readonly clock?: Pick<Clock, 'now'>;
}

const auditLogRule: OptionsRule<AuditLogOptions> = {
  of: 'openAuditLog',
  types: { folder: 'text', keepDays: 'count', actor: 'text', clock: 'any' },
  code: 'SETTING_INVALID',
};

/**
 * Keeps the audit lines of writes in files, one JSON object per line. Several processes can write to one folder.
 *
 * @throws SETTING_INVALID if the folder cannot be written to
 * @example const connector = await loadConnector({ audit: openAuditLog({ folder: '/var/log/d365', keepDays: 365 }) });
 */
export function openAuditLog(options: AuditLogOptions): Audit {
  const {
    folder,
    keepDays,
    actor: ownActor = `os:${userName()}`,
    clock = systemClock,
  } = assertOptions(options, auditLogRule);
  const actors = new AsyncLocalStorage<string>();
  let day = '';
  const openDay = (now: number) => {
    const today = new Date(now).toISOString().slice(0, 10);
    if (today === day) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (keepDays !== undefined) deleteDays(folder, new Date(now - (keepDays - 1) * 86_400_000));
    day = today;
  };
  const append = (text: string) => {
    openDay(clock.now());
    appendFileSync(join(folder, `${day}.jsonl`), text, { mode: 0o600 });
  };
  try {
    append('');
  } catch (error) {
    throw unwritable(folder, error);
  }
  return {
    write(lines) {
      const actor = actors.getStore() ?? ownActor;
      append(lines.map((line) => `${JSON.stringify(withActor(line, actor))}\n`).join(''));
    },
    runAs: (actor, work) => actors.run(actor, work),
  };
}

function withActor({ time, organization, ...line }: AuditLine, actor: string) {
  return { time, organization, actor, ...line };
}

const dayFile = /^\d{4}-\d{2}-\d{2}\.jsonl$/;

/** Deletes the files of days before `firstKept`; other files stay. */
function deleteDays(folder: string, firstKept: Date): void {
  const first = `${firstKept.toISOString().slice(0, 10)}.jsonl`;
  for (const file of readdirSync(folder)) if (dayFile.test(file) && file < first) rmSync(join(folder, file));
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The user of a container may have no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

function unwritable(folder: string, error: unknown): ConnectorError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new ConnectorError(
    'SETTING_INVALID',
    `The folder of the audit log cannot be written to (${code}).`,
    {
      advice: `Create ${folder} for the user of this process, or choose another folder.`,
    },
  );
}

/** `D365_AUDIT`: the folder. `D365_AUDIT_DAYS`: how many days are kept. */
export function auditFromEnv(env: NodeJS.ProcessEnv): Audit | undefined {
  const { D365_AUDIT: folder, D365_AUDIT_DAYS: days } = env;
  if (!folder) return undefined;
  if (days && !/^[1-9]\d{0,5}$/.test(days))
    throw new ConnectorError('SETTING_INVALID', 'D365_AUDIT_DAYS must be a whole number above 0.');
  return openAuditLog(days ? { folder, keepDays: Number(days) } : { folder });
}
