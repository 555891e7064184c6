import type { Credential, UntypedOperations } from '../../src/index.ts';
import { loadConnector } from '../../src/index.ts';

/** Never run: the compiler reads it. */
export async function checkTypedClient(credential: Credential, folder: string): Promise<void> {
  const connector = await loadConnector();
  const client = connector.connect({ orgUrl: 'https://contoso.crm.dynamics.com' }, credential);
  const customer = { table: 'account', id: '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c' } as const;
  const { output, meta } = await client.run('case.create', { title: 'Printer', customer, priority: 'high' });
  const title: string | null | undefined = output.title;
  const attempts: number = meta.attempts;
  for await (const row of client.list('case.list', { state: 'active' })) void row.number?.length;
  const { items } = await client.poll('case.created');
  void [title, attempts, items[0]?.row.title?.length];
  // @ts-expect-error: a connection needs its address
  connector.connect({}, credential);
  // @ts-expect-error: there is no such action
  await client.run('case.creat', { title: 'Printer', customer });
  // @ts-expect-error: a case needs a customer
  await client.run('case.create', { title: 'Printer' });
  // @ts-expect-error: an input is needed
  await client.run('case.create');
  // @ts-expect-error: there is no such priority
  await client.run('case.create', { title: 'Printer', customer, priority: 'urgent' });
  // @ts-expect-error: a case has no such state
  client.list('case.list', { state: 'actve' });
  // @ts-expect-error: a case has no such column
  void output.titel;
  // @ts-expect-error: there is no such option
  await client.run('case.get', { id: customer.id }, { asuser: 'x' });
  // @ts-expect-error: internals are not public
  void connector.definition;
  const own = await loadConnector({ manifest: folder });
  await own
    .connect({ orgUrl: 'https://contoso.crm.dynamics.com' }, credential)
    .run('anything', { at: 'all' });
  const dynamic = await loadConnector<UntypedOperations>();
  await dynamic.connect({ orgUrl: 'https://contoso.crm.dynamics.com' }, credential).run('anything');
}
