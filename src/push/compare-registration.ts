import { endpointRowId, type PushEndpoint } from './push-endpoint.ts';
import type { PushStep } from './push-steps.ts';
import type { RegisteredEndpoint, RegisteredStep } from './read-registration.ts';

/** One thing that is not as it must be, and what repairs it. */
export type RegistrationChange = {
  /** In words: `incident Update: disabled`. */
  readonly issue: string;
} & (
  | { readonly do: 'create-endpoint' }
  | { readonly do: 'update-endpoint'; readonly id: string }
  | { readonly do: 'remove-endpoint'; readonly endpoint: RegisteredEndpoint }
  | { readonly do: 'create-step'; readonly step: PushStep }
  | { readonly do: 'update-step'; readonly id: string; readonly step: PushStep }
  | { readonly do: 'remove-step'; readonly id: string }
);

/** How the registration of an endpoint differs from what it must be. */
export interface RegistrationDifference {
  /** In the order in which they are carried out. */
  readonly changes: readonly RegistrationChange[];
  /** The endpoint, if it is registered. */
  readonly present?: RegisteredEndpoint;
  /** Endpoints of other installations, or of settings that are no longer used. They are never changed. */
  readonly strays: readonly RegisteredEndpoint[];
}

/** The text that tells which key the organization has. */
export function describeEndpoint({ keyId }: PushEndpoint): string {
  return `Wakes polls of dynamics365-connector. Key ${keyId}.`;
}

/** Compares what is registered with what must be. Pure. */
export function compareRegistration(
  endpoint: PushEndpoint,
  steps: readonly PushStep[],
  registered: readonly RegisteredEndpoint[],
): RegistrationDifference {
  const isOwn = ({ id, name }: RegisteredEndpoint) =>
    name === endpoint.name || id === endpointRowId(endpoint);
  const [present, ...doubles] = registered.filter(isOwn);
  const strays = registered.filter((each) => !isOwn(each));
  const issue = present === undefined ? undefined : endpointIssue(endpoint, present);
  const changes: RegistrationChange[] = [
    ...(present === undefined
      ? [{ do: 'create-endpoint', issue: `${endpoint.name}: missing` } as const]
      : []),
    ...(present !== undefined && issue !== undefined
      ? [{ do: 'update-endpoint', id: present.id, issue: `${endpoint.name}: ${issue}` } as const]
      : []),
    ...compareSteps(steps, present?.steps ?? []),
    ...doubles.map(
      (each) => ({ do: 'remove-endpoint', endpoint: each, issue: `${each.name}: registered twice` }) as const,
    ),
  ];
  return { changes, present, strays };
}

function endpointIssue(
  endpoint: PushEndpoint,
  { name, url, description, sendsKey }: RegisteredEndpoint,
): string | undefined {
  if (name !== endpoint.name) return 'another name';
  if (!sendsKey) return 'another authentication';
  if (url !== endpoint.url) return 'another address';
  return description === describeEndpoint(endpoint) ? undefined : 'another key';
}

function compareSteps(
  steps: readonly PushStep[],
  registered: readonly RegisteredStep[],
): readonly RegistrationChange[] {
  const kept = new Set<RegisteredStep>();
  const changes = steps.flatMap((step): readonly RegistrationChange[] => {
    const own = registered.find(
      ({ table, message, isAsWritten }) => table === step.table && message === step.message && isAsWritten,
    );
    if (own === undefined) return [{ do: 'create-step', step, issue: `${titleOf(step)}: missing` }];
    kept.add(own);
    const issue = stepIssue(step, own);
    return issue === undefined
      ? []
      : [{ do: 'update-step', id: own.id, step, issue: `${titleOf(step)}: ${issue}` }];
  });
  const removed = registered
    .filter((each) => !kept.has(each))
    .map((each) => ({ do: 'remove-step', id: each.id, issue: `${titleOf(each)}: not needed` }) as const);
  return [...removed, ...changes];
}

function stepIssue(step: PushStep, registered: RegisteredStep): string | undefined {
  if (!registered.isEnabled) return 'disabled';
  const isSame = String(step.columns ?? '') === String(registered.columns ?? '');
  return isSame ? undefined : 'other columns';
}

/** `incident Update` */
export function titleOf({ table, message }: { readonly table: string; readonly message: string }): string {
  return `${table} ${message}`;
}
