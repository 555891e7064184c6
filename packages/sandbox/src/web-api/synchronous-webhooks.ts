import { isSqliteError } from '../store/database.ts';
import { createErrorResponse } from './error-response.ts';
import { DataverseError } from './errors.ts';
import type { WebhookPost } from './events/message-event.ts';
import { hasSynchronousSteps } from './events/steps.ts';
import type { OrganizationContext, WebApiRequest, WebApiResponse } from './types.ts';

/** Delivers a webhook. Rejects with the error of the webhook. */
export type DeliverWebhook = (post: WebhookPost) => Promise<void>;

/** How a request is handled. */
export interface HandleOptions {
  readonly deliver: DeliverWebhook;
  /** What the request writes becomes visible at this time. Default: at once. */
  readonly visibleAtMs?: number | undefined;
}

/**
 * Handles a request whose writes may call synchronous webhooks. A handler is synchronous, so the request first runs
 * without a commit, then its webhooks are called. When one fails, the request runs again and fails at that webhook, so
 * that in a batch the other parts are not affected.
 */
export async function handleWithWebhooks(
  org: OrganizationContext,
  request: WebApiRequest,
  {
    handle,
    deliver,
    visibleAtMs,
  }: HandleOptions & {
    readonly handle: (org: OrganizationContext, request: WebApiRequest) => WebApiResponse;
  },
): Promise<WebApiResponse> {
  const { systemStore: store } = org;
  const run = (context: OrganizationContext) => handle(context, request);
  if (!callsSynchronousSteps(org, request))
    return visibleAtMs === undefined ? run(org) : store.commitLater(visibleAtMs, () => run(org));
  const outcomes: PostOutcome[] = [];
  for (;;) {
    const posts: WebhookPost[] = [];
    const held = store.hold(() => run({ ...org, postBeforeCommit: createRecorder(posts, outcomes) }));
    if (await hasFailure(posts, outcomes, deliver)) {
      held.discard();
      continue;
    }
    try {
      if (visibleAtMs === undefined) held.commit();
      else held.commitAt(visibleAtMs);
      return held.result;
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      return createErrorResponse(500, '0x80044150', 'Another request changed the same rows meanwhile.');
    }
  }
}

interface PostOutcome {
  readonly error?: DataverseError;
}

function callsSynchronousSteps(
  { systemStore: store }: OrganizationContext,
  { method }: WebApiRequest,
): boolean {
  return !/^(?:GET|HEAD)$/i.test(method) && hasSynchronousSteps(store);
}

/** Records the webhooks of a run. A webhook whose call failed in an earlier run fails the request there. */
function createRecorder(posts: WebhookPost[], outcomes: readonly PostOutcome[]) {
  return (post: WebhookPost) => {
    posts.push(post);
    const { error } = outcomes[posts.length - 1] ?? {};
    if (error) throw error;
  };
}

/** Calls the webhooks without an outcome, in order, until one fails. */
async function hasFailure(
  posts: readonly WebhookPost[],
  outcomes: PostOutcome[],
  deliver: DeliverWebhook,
): Promise<boolean> {
  for (const post of posts.slice(outcomes.length)) {
    const outcome = await callWebhook(post, deliver);
    outcomes.push(outcome);
    if (outcome.error) return true;
  }
  return false;
}

async function callWebhook(post: WebhookPost, deliver: DeliverWebhook): Promise<PostOutcome> {
  try {
    await deliver(post);
    return {};
  } catch (error) {
    const { code = '0x80050205', message } = error as { readonly code?: string; readonly message: string };
    return { error: new DataverseError(400, code, message) };
  }
}
