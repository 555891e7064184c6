import type { JsonObject } from 'dynamics365-connector';
import { quoteString } from 'dynamics365-connector/host';
import { type Probe, type ProbeContext, type ProbeResponse, type ProbeResult, undecided } from './probe.ts';

/** A table with an active alternate key of one text column. */
interface TextKey {
  readonly set: string;
  readonly type: string;
  readonly id: string;
  readonly column: string;
}

/** What UpsertMultiple and UpdateMultiple do with the alternate key in `@odata.id`. */
export const keyProbes: readonly Probe[] = [
  {
    assumption: 'targetKeyText',
    question: 'Is the key in the @odata.id of an item of UpsertMultiple percent-decoded?',
    writes: true,
    run: (context) => withTextKey(context, (key) => readKeyText(context, key)),
  },
  {
    assumption: 'bulkUpdateByKey',
    question: 'Can an item of UpdateMultiple name its row by an alternate key?',
    writes: true,
    run: (context) => withTextKey(context, (key) => updateByKey(context, key)),
  },
];

async function withTextKey(
  context: ProbeContext,
  run: (key: TextKey) => Promise<ProbeResult>,
): Promise<ProbeResult> {
  const key = await findTextKey(context);
  if (key !== undefined) return await run(key);
  return { reading: undefined, note: 'No table has an active alternate key of one text column.' };
}

async function findTextKey({ send }: ProbeContext): Promise<TextKey | undefined> {
  const keys = '$expand=Keys($select=KeyAttributes,EntityKeyIndexStatus)';
  const select = '$select=LogicalName,EntitySetName,PrimaryIdAttribute';
  const { body } = await send({ path: `EntityDefinitions?${select}&${keys}` });
  for (const table of rowsOf(body)) {
    for (const { KeyAttributes, EntityKeyIndexStatus } of table.Keys as unknown as readonly JsonObject[]) {
      const [column, ...others] = KeyAttributes as readonly string[];
      if (column === undefined || others.length > 0 || EntityKeyIndexStatus !== 'Active') continue;
      const path = `EntityDefinitions(LogicalName='${table.LogicalName}')/Attributes(LogicalName='${column}')?$select=AttributeType`;
      const attribute = await send({ path });
      if ((attribute.body as JsonObject).AttributeType !== 'String') continue;
      return {
        set: String(table.EntitySetName),
        type: `Microsoft.Dynamics.CRM.${table.LogicalName}`,
        id: String(table.PrimaryIdAttribute),
        column,
      };
    }
  }
  return undefined;
}

async function readKeyText(context: ProbeContext, key: TextKey): Promise<ProbeResult> {
  const suffix = context.newId().slice(0, 8);
  const upserted = await sendTarget(context, key, { action: 'UpsertMultiple', text: `x%41${suffix}` });
  try {
    if (upserted.status >= 300) return undecided(upserted);
    const plain = await findRows(context, key, `x%41${suffix}`);
    const decoded = await findRows(context, key, `xA${suffix}`);
    if (plain.length + decoded.length !== 1)
      return { reading: undefined, note: 'The new row was not found.' };
    return { reading: plain.length === 1 ? 'plain' : 'decoded' };
  } finally {
    await deleteRows(context, key, [`x%41${suffix}`, `xA${suffix}`]);
  }
}

async function updateByKey(context: ProbeContext, key: TextKey): Promise<ProbeResult> {
  const text = `x${context.newId().slice(0, 8)}`;
  const created = await sendTarget(context, key, { action: 'UpsertMultiple', text });
  try {
    if (created.status >= 300) return undecided(created);
    const updated = await sendTarget(context, key, { action: 'UpdateMultiple', text });
    if (updated.status < 300) return { reading: 'accepted' };
    return updated.status === 400 ? { reading: 'refused' } : undecided(updated);
  } finally {
    await deleteRows(context, key, [text]);
  }
}

async function sendTarget(
  { send }: ProbeContext,
  { set, type, column }: TextKey,
  { action, text }: { readonly action: 'UpsertMultiple' | 'UpdateMultiple'; readonly text: string },
): Promise<ProbeResponse> {
  const target = { '@odata.type': type, '@odata.id': `${set}(${column}='${text}')` };
  return await send({
    method: 'POST',
    path: `${set}/Microsoft.Dynamics.CRM.${action}`,
    body: { Targets: [target] },
  });
}

async function findRows({ send }: ProbeContext, { set, id, column }: TextKey, text: string) {
  const filter = encodeURIComponent(`${column} eq ${quoteString(text)}`);
  const { body } = await send({ path: `${set}?$select=${id}&$filter=${filter}` });
  return rowsOf(body).map((row) => String(row[id]));
}

async function deleteRows(context: ProbeContext, key: TextKey, texts: readonly string[]): Promise<void> {
  for (const text of texts)
    for (const id of await findRows(context, key, text))
      await context.send({ method: 'DELETE', path: `${key.set}(${id})` });
}

function rowsOf(body: unknown): readonly JsonObject[] {
  return ((body ?? {}) as { readonly value?: readonly JsonObject[] }).value ?? [];
}
