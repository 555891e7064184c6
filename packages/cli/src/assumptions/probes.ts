import type { JsonObject } from 'dynamics365-connector';
import { etagMember } from 'dynamics365-connector/host';
import { deltaTokenProbe } from './delta-token-probe.ts';
import { eventProbes } from './event-probes.ts';
import { keyProbes } from './key-probes.ts';
import { type Probe, type ProbeResponse, type ProbeResult, undecided } from './probe.ts';
import { requestProbes } from './request-probes.ts';
import { writeProbes } from './write-probes.ts';

/** Accepted with 200, refused with 400; anything else decides nothing. */
function readAcceptance(response: ProbeResponse): ProbeResult {
  if (response.status === 200 || response.status === 204) return { reading: 'accepted' };
  return response.status === 400 ? { reading: 'refused' } : undecided(response);
}

const versionFilter: Probe = {
  assumption: 'versionFilter',
  question: 'Can $filter compare versionnumber?',
  writes: false,
  run: async ({ send }) =>
    readAcceptance(
      await send({ path: 'systemusers?$select=systemuserid&$filter=versionnumber%20gt%200&$top=1' }),
    ),
};

const versionOrder: Probe = {
  assumption: 'versionOrder',
  question: 'Can $orderby name versionnumber?',
  writes: false,
  run: async ({ send }) =>
    readAcceptance(
      await send({ path: 'systemusers?$select=systemuserid&$orderby=versionnumber%20desc&$top=1' }),
    ),
};

/** With more requests in use, the limit cannot be told from what is left. */
const maxUsedRequests = 500;

const quotedGuid: Probe = {
  assumption: 'quotedGuid',
  question: 'Can $filter compare an id with a text?',
  writes: false,
  run: async ({ send, newId }) =>
    readAcceptance(
      await send({ path: `systemusers?$select=systemuserid&$filter=systemuserid%20eq%20%27${newId()}%27` }),
    ),
};

const requestLimit: Probe = {
  assumption: 'requestLimit',
  question: 'How many requests may a user send in 5 minutes? (limits.maxRequests of the sandbox)',
  writes: false,
  async run({ send }) {
    const { headers } = await send({ path: 'WhoAmI' });
    const remaining = Number(headers['x-ms-ratelimit-burst-remaining-xrm-requests']?.replaceAll(',', ''));
    if (!Number.isFinite(remaining))
      return { reading: undefined, note: 'The organization sends no such header.' };
    // The header has what is left; the limit is a whole thousand above it.
    const limit = Math.ceil((remaining + 1) / 1000) * 1000;
    if (limit - remaining > maxUsedRequests)
      return { reading: undefined, note: `${remaining} requests are left; try again in 5 minutes.` };
    return { reading: String(limit), note: `${remaining} requests are left.` };
  },
};

const deltaTokenCounts: Probe = {
  assumption: 'deltaTokenCounts',
  question: 'Does the version of a delta link leave out open transactions?',
  writes: false,
  run: async () => ({
    reading: undefined,
    note: 'No request of a client can keep a transaction open, so this cannot be seen from outside.',
  }),
};

const bulkETag: Probe = {
  assumption: 'bulkETag',
  question: 'Does UpdateMultiple refuse an item with an old @odata.etag?',
  writes: true,
  async run({ send, newId }) {
    const id = newId();
    const path = `contacts(${id})`;
    const created = await send({ method: 'PATCH', path, body: { lastname: 'Check of assumptions' } });
    if (created.status >= 300) return { reading: undefined, note: 'The user may not create contacts.' };
    try {
      const { body } = await send({ path: `${path}?$select=lastname` });
      const etag = String((body as JsonObject)[etagMember] ?? '');
      await send({ method: 'PATCH', path, body: { lastname: 'Check of assumptions, changed' } });
      const target = {
        '@odata.type': 'Microsoft.Dynamics.CRM.contact',
        [etagMember]: etag,
        contactid: id,
        lastname: 'Check of assumptions, again',
      };
      const updated = await send({
        method: 'POST',
        path: 'contacts/Microsoft.Dynamics.CRM.UpdateMultiple',
        body: { Targets: [target] },
      });
      if (updated.status === 412) return { reading: 'checked' };
      if (updated.status < 300) return { reading: 'ignored' };
      return undecided(updated);
    } finally {
      await send({ method: 'DELETE', path });
    }
  },
};

/** The probes of `d365 check-assumptions`, those that only read first. */
export const probes: readonly Probe[] = [
  versionFilter,
  versionOrder,
  quotedGuid,
  requestLimit,
  ...requestProbes.filter(({ writes }) => !writes),
  deltaTokenCounts,
  deltaTokenProbe,
  bulkETag,
  ...keyProbes,
  ...writeProbes,
  ...requestProbes.filter(({ writes }) => writes),
  ...eventProbes,
];
