import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { openWorkerStore } from '../open-worker-store.ts';
import type { WorkerCommand } from './worker-command.ts';

const actions = ['run', 'status', 'pause', 'resume'];

/** `d365 worker [run|status|pause|resume] [subscription]`. */
export default async function worker(command: WorkerCommand): Promise<number> {
  const [action = 'run', subscription] = command.args;
  if (action === 'run') return await (await import('./worker-run.ts')).runWorkerCommand(command);
  if (action === 'status') return await (await import('./worker-status.ts')).showStatus(command);
  if (action === 'pause' || action === 'resume') return await pull(command, action, subscription);
  const [near] = suggest(action, actions, 1);
  throw new ConnectorError('INPUT_INVALID', `"worker ${action}" is nothing that d365 knows.`, {
    advice: `Use one of: ${actions.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  });
}

async function pull(
  { terminal, options }: WorkerCommand,
  action: 'pause' | 'resume',
  subscription: string | undefined,
): Promise<number> {
  if (subscription === undefined) {
    throw new ConnectorError('INPUT_INVALID', `Say which: d365 worker ${action} <subscription>.`);
  }
  const store = await openWorkerStore(options);
  try {
    if (!(await store[action](subscription))) throw unknown(subscription, await store.status());
    const revived = options.deadLetters && action === 'resume' ? await store.revive(subscription) : 0;
    if (terminal.json) terminal.out(JSON.stringify({ subscription, action, revived }));
    else terminal.note(`${subscription}: ${action}d${revived > 0 ? `, ${revived} events once more` : ''}`);
    return 0;
  } finally {
    await store.close();
  }
}

function unknown(subscription: string, all: readonly { readonly id: string }[]): ConnectorError {
  const suggestions = suggest(
    subscription,
    all.map(({ id }) => id),
  );
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('INPUT_INVALID', `There is no subscription "${subscription}".${near}`, {
    suggestions,
    advice: '`d365 worker status` lists them; a worker must have run with them once.',
  });
}
