import type { JsonObject, ServiceLimits } from 'dynamics365-connector';

/** The content of worker.yaml, valid against schemas/manifest/worker.schema.json. */
export interface WorkerFile {
  /** The folder of the manifest, relative to the worker file; that of the package by default. */
  readonly manifest?: string;
  readonly connections: Readonly<Record<string, ConnectionYaml>>;
  /** Service protection limits of each connection's user. */
  readonly limits?: Partial<ServiceLimits>;
  readonly push?: PushYaml;
  readonly subscriptions: Readonly<Record<string, SubscriptionYaml>>;
  readonly feeds?: FeedsYaml;
  /** `7d`: how long delivered events are kept. */
  readonly keepDelivered?: string;
  /** `30d`: how long dead letters are kept. */
  readonly keepDeadLetters?: string;
}

/** Settings of all feeds. Durations: `7d`, `10m`. */
export interface FeedsYaml {
  readonly retention?: string;
  readonly maxEntries?: number;
  readonly overlap?: string;
}

/** How webhooks of the organizations reach the worker. */
export interface PushYaml {
  /** The public address: `https://hooks.example.com/d365`. */
  readonly url: string;
  readonly secret: { readonly env: string };
  /** `127.0.0.1:9465`, or a port. */
  readonly listen?: string;
  /** `5m`: the interval of polls while webhooks tell of all changes. */
  readonly every?: string;
}

export type ConnectionYaml = { readonly saved: string } | { readonly env: string };

export interface SubscriptionYaml {
  readonly connection: string;
  readonly trigger: string;
  readonly params?: JsonObject;
  readonly from?: string;
  /** `60s`, `5m` */
  readonly every?: string;
  readonly push?: boolean;
  /** `self`, or a systemuserid. */
  readonly ignoreChangesBy?: string;
  readonly deliver: DeliveryYaml;
  /** `3d`: how long an event is delivered again. */
  readonly retryFor?: string;
  /** `30m` */
  readonly maxRetryDelay?: string;
  readonly maxAttempts?: number;
  readonly maxRowItems?: number;
}

export type DeliveryYaml =
  | { readonly handler: string }
  | { readonly webhook: { readonly url: string; readonly secret: { readonly env: string } } }
  | { readonly stdout: true };
