import type { JsonObject } from 'dynamics365-connector';

/** The content of worker.yaml, valid against schemas/manifest/worker.schema.json. */
export interface WorkerFile {
  readonly connections: Readonly<Record<string, ConnectionYaml>>;
  readonly subscriptions: Readonly<Record<string, SubscriptionYaml>>;
}

export type ConnectionYaml = { readonly saved: string } | { readonly env: string };

export interface SubscriptionYaml {
  readonly connection: string;
  readonly trigger: string;
  readonly params?: JsonObject;
  readonly from?: string;
  /** `60s`, `5m` */
  readonly every?: string;
  readonly ignoreChangesBy?: 'self';
  readonly deliver: DeliveryYaml;
  readonly maxAttempts?: number;
}

export type DeliveryYaml =
  | { readonly handler: string }
  | { readonly webhook: { readonly url: string; readonly secret: { readonly env: string } } }
  | { readonly stdout: true };
