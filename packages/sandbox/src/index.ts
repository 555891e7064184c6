/**
 * A local Dataverse organization with its authority (the sign-in service of Microsoft Entra ID) and its discovery
 * service, for development, demonstrations and tests. Everything listens on 127.0.0.1.
 *
 * @example
 * const sandbox = await createSandbox();
 * const headers = { Authorization: `Bearer ${sandbox.issueToken()}` };
 * await fetch(`${sandbox.organization.origin}/api/data/v9.2/incidents?$top=3`, { headers });
 * await sandbox.close();
 */

import { guardFunctions } from 'dynamics365-connector/base';
import * as createSandboxModule from './create-sandbox.ts';

export { type AssumptionName, type Assumptions, assumptionReadings } from './assumptions.ts';
export type { ClientSecret, ConsentPolicy, SandboxApp, User } from './authority/directory.ts';
export type { TokenLifetimes } from './authority/token-lifetimes.ts';
export type { CustomApiHandler, CustomApiHandlers } from './custom-api-handlers.ts';
export type { ExchangeLog } from './exchanges/exchange-log.ts';
export type { ExchangeCaller, ExchangeMessage, RecordedExchange } from './exchanges/recorded-exchange.ts';
export type { FaultEffect, FaultMatch, FaultSchedule, InjectedFault } from './faults/fault.ts';
export type { FaultPlan } from './faults/fault-plan.ts';
export type { JobRunner } from './jobs/job-runner.ts';
export type { LimitSettings } from './limits/limiter.ts';
export type { PrivilegeDepth } from './model/privileges.ts';
export type {
  AppOptions,
  OrganizationOptions,
  SandboxOptions,
  UserOptions,
  WebhookOptions,
} from './options.ts';
export { type PlugIn, PlugInError } from './plug-in.ts';
export type { Principal } from './principals.ts';
export type { Sandbox } from './sandbox.ts';
export type { SandboxAuthority } from './sandbox-authority.ts';
export type { SandboxClock } from './sandbox-clock.ts';
export type { SandboxOrganization } from './sandbox-organization.ts';
export type { SeedRows } from './seed-rows.ts';
export type { SkippedMetadata } from './snapshot/load-metadata.ts';
export type { OrganizationStore } from './store/types.ts';
export type { DeliveryFault, DeliveryFaultEffect } from './webhooks/delivery-faults.ts';
export type { SendWebhook, WebhookRequest } from './webhooks/send-webhook.ts';

export const { createSandbox } = guardFunctions(createSandboxModule);
