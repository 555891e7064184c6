import type { Probe } from './probe.ts';

/** Facts about events and webhooks. Only a receiver that the organization can reach could find them. */
const questions = {
  cascadeEvents: 'Do rows that a deletion deletes too, or an assignment assigns too, have events?',
  clearedLookupEvents: 'Do rows whose lookup a deletion clears have an event?',
  specialMessages: 'Does an update of the owner or the state call steps of Assign and SetState?',
  stateUpdateEvents: 'How often does an update of the state and of other columns call steps of Update?',
  webhookAttempts: 'How often is a webhook called that answers 502, 503 or 504?',
  webhookOperationId: 'Do further attempts have the OperationId of the first one?',
} as const;

export const eventProbes: readonly Probe[] = Object.entries(questions).map(([assumption, question]) => ({
  assumption,
  question,
  writes: false,
  run: async () => ({
    reading: undefined,
    note: 'Requests of a client cannot show it: that takes a webhook at a public address.',
  }),
}));
