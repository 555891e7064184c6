import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { openWorkerStore } from '../open-worker-store.ts';
import type { WorkerCommand } from './worker-command.ts';

const workerActions = ['run', 'status', 'pause', 'resume'];

/** `d365 worker [run|status|pause|resume] [subscription]`. */
export default async function worker(command: WorkerCommand): Promise<number> {
  const [action = 'run', subscription] = command.args;
  if (action === 'run') return await (await import('./worker-run.ts')).runWorkerCommand(command);
  if (action === 'status') return await (await import('./worker-status.ts')).showWorkerStatus(command);
  if (action === 'pause' || action === 'resume') return await pauseOrResume(command, action, subscription);
  const [nearest] = suggest(action, workerActions, 1);
  throw new ConnectorError('INPUT_INVALID', `"worker ${action}" is nothing that d365 knows.`, {
    advice: `Use one of: ${workerActions.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
  });
}

async function pauseOrResume(
  { terminal, options }: WorkerCommand,
  action: 'pause' | 'resume',
  subscription: string | undefined,
): Promise<number> {
  if (subscription === undefined) {
    throw new ConnectorError('INPUT_INVALID', `Say which: d365 worker ${action} <subscription>.`);
  }
  const store = await openWorkerStore(options);
  try {
    if (!(await store[action](subscription))) throw unknownSubscription(subscription, await store.status());
    const requeued = options.deadLetters && action === 'resume' ? await store.requeue(subscription) : 0;
    if (terminal.json) terminal.print(JSON.stringify({ subscription, action, revived: requeued }));
    else
      terminal.printNote(
        `${subscription}: ${action}d${requeued > 0 ? `, ${requeued} events once more` : ''}`,
      );
    return 0;
  } finally {
    await store.close();
  }
}

function unknownSubscription(subscription: string, all: readonly { readonly id: string }[]): ConnectorError {
  const suggestions = suggest(
    subscription,
    all.map(({ id }) => id),
  );
  const nearest = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('INPUT_INVALID', `There is no subscription "${subscription}".${nearest}`, {
    suggestions,
    advice: '`d365 worker status` lists them; a worker must have run with them once.',
  });
}
