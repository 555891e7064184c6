import type { Clock } from 'dynamics365-connector';
import { createFaultPlan, type FaultPlan } from '../faults/fault-plan.ts';
import type { Random } from '../random.ts';
import type { WebhookPost } from '../web-api/events/message-event.ts';
import { operationTypes } from '../web-api/system-jobs.ts';
import type { Caller } from '../web-api/types.ts';
import type { WebApi } from '../web-api/web-api.ts';
import { deliverWebhook } from '../webhooks/deliver-webhook.ts';
import { appliesToDelivery, type DeliveryFault } from '../webhooks/delivery-faults.ts';
import type { SendWebhook } from '../webhooks/send-webhook.ts';
import { createBackgroundQueue } from './background-queue.ts';
import { createBulkDeleteHandler } from './bulk-delete-jobs.ts';
import { createDetectDuplicatesHandler, createPublishRuleHandler } from './duplicate-jobs.ts';
import { createJobRunner, type JobRunner } from './job-runner.ts';
import type { SendRequest } from './send-request.ts';
import { createSystemJobQueue, type JobHandler, recoverInterruptedJobs } from './system-job-queue.ts';
import { createWebhookJobHandler } from './webhook-jobs.ts';

/** The asynchronous service of an organization. */
export interface OrganizationJobs {
  readonly runner: JobRunner;
  readonly faults: FaultPlan<DeliveryFault, { readonly table: string; readonly message: string }>;
  /** Calls a webhook. Rejects with a WebhookError. */
  readonly deliver: (post: WebhookPost) => Promise<void>;
}

/** What it needs. `random` orders the jobs and decides about faults with a probability. */
export interface OrganizationJobsOptions {
  readonly webApi: WebApi;
  /** A user with the privileges of its roles. */
  readonly callerOf: (userId: string) => Caller;
  readonly clock: Clock;
  readonly random: Random;
  readonly send: SendWebhook;
}

/** Creates the asynchronous service and continues with the jobs that the organization's file holds. */
export function createOrganizationJobs(options: OrganizationJobsOptions): OrganizationJobs {
  const { webApi, clock, random, send } = options;
  const { org } = webApi;
  const { store, assumptions, newId } = org;
  const faults = createFaultPlan(random.fork('webhook faults').next, appliesToDelivery);
  const organizationHost = new URL(org.origin).host;
  const delivery = { store, assumptions, newId, clock, send, organizationHost };
  const deliver = (post: WebhookPost) => deliverWebhook(delivery, post);
  const request: SendRequest = (userId, { body = '', headers = {}, ...rest }) => {
    const sent = { ...rest, headers, body: Buffer.from(body), caller: options.callerOf(userId) };
    return webApi.handleWithWebhooks(sent, { deliver });
  };
  const systemJobs = {
    store,
    now: clock.now,
    random: random.fork('jobs').next,
    handlers: new Map<number, JobHandler>([
      [operationTypes.systemEvent, createWebhookJobHandler({ clock, faults, deliver })],
      [operationTypes.publishDuplicateRule, createPublishRuleHandler(store)],
      [operationTypes.detectDuplicates, createDetectDuplicatesHandler(store)],
      [operationTypes.bulkDelete, createBulkDeleteHandler({ store, now: clock.now, request })],
    ]),
  };
  recoverInterruptedJobs(systemJobs);
  const background = createBackgroundQueue({ org, clock, send, request });
  const runner = createJobRunner([createSystemJobQueue(systemJobs), background], { clock, store });
  runner.notify();
  return { runner, faults, deliver };
}
