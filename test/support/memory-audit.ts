import type { Audit, AuditLine } from '../../src/model/audit.ts';

/** An audit in memory. */
export interface MemoryAudit extends Audit {
  /** Since the last `clear`. */
  readonly lines: readonly AuditLine[];
  /** Since it was created. */
  readonly all: readonly AuditLine[];
  clear(): void;
}

export function createMemoryAudit(): MemoryAudit {
  const lines: AuditLine[] = [];
  const all: AuditLine[] = [];
  return {
    lines,
    all,
    write(written) {
      lines.push(...written);
      all.push(...written);
    },
    runAs: (_actor, work) => work(),
    clear: () => lines.splice(0),
  };
}
