/**
 * A Dataverse organization, its sign-in authority and its discovery service on this machine, for development,
 * demonstrations and tests: `const sandbox = await createSandbox()`.
 */
export type { ClientSecret, ConsentPolicy, SandboxApp, User } from './authority/directory.ts';
export type { TokenLifetimes } from './authority/token-lifetimes.ts';
export { createSandbox } from './create-sandbox.ts';
export type { FaultEffect, FaultMatch, InjectedFault } from './faults/fault.ts';
export type { FaultPlan } from './faults/fault-plan.ts';
export type { LimitSettings } from './limits/limiter.ts';
export type { AppOptions, OrganizationOptions, SandboxOptions, UserOptions } from './options.ts';
export type { SandboxOrganization } from './organization.ts';
export type { PlugIn } from './plug-in.ts';
export type { Principal } from './principals.ts';
export type { Sandbox } from './sandbox.ts';
export type { SandboxAuthority } from './sandbox-authority.ts';
export type { OrganizationStore } from './store/types.ts';
export type { Privilege } from './web-api/types.ts';
