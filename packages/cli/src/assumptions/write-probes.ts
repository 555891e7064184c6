import type { JsonObject } from 'dynamics365-connector';
import { type Probe, type ProbeContext, type ProbeRequest, type ProbeResult, undecided } from './probe.ts';

/** How rows are created, what a write returns, and how a user or team is identified in a parameter. */
export const writeProbes: readonly Probe[] = [
  {
    assumption: 'createByPatch',
    question: 'Does PATCH with If-None-Match: * create a note?',
    writes: true,
    async run(context) {
      const id = context.newId();
      const request = { method: 'PATCH', path: `annotations(${id})`, ifNoneMatch: '*' } as const;
      return await create(context, { ...request, body: { subject } }, `annotations(${id})`);
    },
  },
  {
    assumption: 'idOnCreate',
    question: 'Can the body of a POST give the id of a new task?',
    writes: true,
    async run(context) {
      const activityid = context.newId();
      const request = { method: 'POST', path: 'tasks', body: { activityid, subject } } as const;
      return await create(context, request, `tasks(${activityid})`);
    },
  },
  {
    assumption: 'writtenRow',
    question: 'Does a write return the row that Prefer: return=representation asks for?',
    writes: true,
    async run({ send, newId }) {
      const path = `tasks(${newId()})`;
      const prefer = 'return=representation';
      const created = await send({
        method: 'PATCH',
        path: `${path}?$select=subject`,
        prefer,
        body: { subject },
      });
      await send({ method: 'DELETE', path });
      if (created.status >= 300) return undecided(created);
      return { reading: created.body === undefined ? 'missing' : 'returned' };
    },
  },
  {
    assumption: 'principalKey',
    question: 'Is a user in a parameter identified by systemuserid or by ownerid?',
    writes: true,
    run: findPrincipalKey,
  },
];

const subject = 'Check of assumptions';

async function create(context: ProbeContext, request: ProbeRequest, row: string): Promise<ProbeResult> {
  const created = await context.send(request);
  if (created.status < 300) {
    await context.send({ method: 'DELETE', path: row });
    return { reading: 'accepted' };
  }
  return [400, 405, 501].includes(created.status) ? { reading: 'refused' } : undecided(created);
}

/** Shares a new task with the user itself. */
async function findPrincipalKey({ send, newId }: ProbeContext): Promise<ProbeResult> {
  const { body } = await send({ path: 'WhoAmI' });
  const userId = String((body as JsonObject).UserId);
  const activityid = newId();
  const path = `tasks(${activityid})`;
  const created = await send({ method: 'PATCH', path, body: { subject } });
  if (created.status >= 300) return undecided(created);
  const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.task', activityid };
  const share = async (key: string) => {
    const Principal = { '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', [key]: userId };
    const PrincipalAccess = { Principal, AccessMask: 'ReadAccess' };
    return await send({ method: 'POST', path: 'GrantAccess', body: { Target, PrincipalAccess } });
  };
  const own = await share('systemuserid');
  const ownerid = await share('ownerid');
  await send({ method: 'DELETE', path });
  if (own.status < 300) return { reading: ownerid.status < 300 ? 'either' : 'own' };
  return ownerid.status < 300 ? { reading: 'ownerid' } : undecided(own);
}
