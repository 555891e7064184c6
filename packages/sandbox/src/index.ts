/**
 * A Dataverse organisation, its sign-in authority and its discovery service on this machine, for development,
 * demonstrations and tests: `const sandbox = await createSandbox()`.
 */
export type { App, AppSecret, Consent, User } from './authority/directory.ts';
export type { Lifetimes } from './authority/lifetimes.ts';
export type { SandboxAuthority } from './authority-handle.ts';
export { createSandbox } from './create-sandbox.ts';
export type { Fault, FaultAim, Harm } from './faults/fault.ts';
export type { FaultPlan } from './faults/plan.ts';
export type { LimitSettings } from './limits/limits.ts';
export type { AppOptions, OrganisationOptions, SandboxOptions, UserOptions } from './options.ts';
export type { SandboxOrganisation } from './organisation.ts';
export type { Person } from './people.ts';
export type { PlugIn } from './plug-in.ts';
export type { Privilege } from './protocol/types.ts';
export type { Sandbox } from './sandbox.ts';
export type { Store } from './store/types.ts';
