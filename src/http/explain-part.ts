import type { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorRule } from '../model/definition.ts';
import type { Method } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import { explain } from './explain.ts';

/** A request inside a batch, as far as its error must know it. */
export interface PartRequest {
  readonly operation: string;
  readonly requestId: string;
  readonly method: Method;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The error of one part of a batch, explained like that of a request of its own. */
export function explainPart(
  request: PartRequest,
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json | undefined;
  },
  rules: readonly ErrorRule[],
): ConnectorError {
  const tally = { attempts: 1, ambiguous: false, renewed: false };
  const passage = { ...request, shownPath: '', safety: 'repeatable' as const, deadline: 0, tally };
  return explain(passage, { ...answer, text: '' }, rules);
}
