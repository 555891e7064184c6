import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { openWorkerStore } from '../open-worker-store.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

const workerActions = ['run', 'status', 'pause', 'resume'];

/** `d365 worker [run|status|pause|resume] [subscription]`. */
export default async function worker(context: WorkerCommandContext): Promise<number> {
  const [action = 'run', subscription] = context.args;
  if (action === 'run') return await (await import('./worker-run.ts')).runWorkerCommand(context);
  if (action === 'status') return await (await import('./worker-status.ts')).printWorkerStatus(context);
  if (action === 'pause' || action === 'resume') return await pauseOrResume(context, action, subscription);
  const [nearest] = suggest(action, workerActions, 1);
  throw new ConnectorError('INPUT_INVALID', `There is no command "worker ${action}".`, {
    advice: `Use one of: ${workerActions.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
  });
}

async function pauseOrResume(
  { terminal, options }: WorkerCommandContext,
  action: 'pause' | 'resume',
  subscription: string | undefined,
): Promise<number> {
  if (subscription === undefined) {
    throw new ConnectorError('INPUT_INVALID', 'The name of the subscription is missing.', {
      advice: `Use d365 worker ${action} <subscription>. \`d365 worker status\` lists the names.`,
    });
  }
  const store = await openWorkerStore(options);
  try {
    if (!(await store[action](subscription))) throw unknownSubscription(subscription, await store.status());
    const requeued = options.deadLetters && action === 'resume' ? await store.requeue(subscription) : 0;
    if (terminal.json) terminal.print(JSON.stringify({ subscription, action, requeued }));
    else
      terminal.printNote(
        `${subscription}: ${action}d${requeued > 0 ? `, ${requeued} dead letters requeued` : ''}`,
      );
    return 0;
  } finally {
    await store.close();
  }
}

function unknownSubscription(id: string, subscriptions: readonly { readonly id: string }[]): ConnectorError {
  const ids = subscriptions.map((subscription) => subscription.id);
  const suggestions = suggest(id, ids);
  const didYouMean = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('INPUT_INVALID', `There is no subscription "${id}".${didYouMean}`, {
    suggestions,
    advice: '`d365 worker status` lists all subscriptions that a worker has run.',
  });
}
